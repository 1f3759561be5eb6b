# One image for web, worker, beat and the commands of manage.py; the command differs.

# --- The front-end assets, as the lock names them -------------------------------------------
FROM node:22-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

# --- Python with the production packages ----------------------------------------------------
FROM python:3.13-slim-bookworm AS python
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# WeasyPrint loads these to set PDF documents.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin baken
WORKDIR /app
COPY requirements-production.txt ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements-production.txt \
    && python -m compileall -q /usr/local/lib/python3.13/site-packages

# --- The application ------------------------------------------------------------------------
FROM python
COPY manage.py ./
COPY tools/__init__.py tools/paths.py tools/terminal.py tools/translations.py tools/
COPY referral referral
COPY signals signals
COPY shelters shelters
COPY municipalities municipalities
COPY reporting reporting
COPY templates templates
COPY --from=assets /app/node_modules node_modules
# The names of static files hold their hash, so they are made here. The settings ask for secrets;
# these live during this one step and protect nothing.
RUN python -m tools.translations \
    && zeros="$(printf '0%.0s' $(seq 64))" \
    && (umask 077 && echo "build $zeros" > /tmp/ring) \
    && SECRET_KEY=build BAKEN_CONTEXT_KEY="$zeros" BAKEN_INDEX_KEY="$zeros" \
       BAKEN_KEY_RING_FILE=/tmp/ring DATABASE_URL=postgresql://build@localhost/build \
       REDIS_URL=redis://localhost/0 python manage.py collectstatic --noinput --verbosity 0 \
    && rm /tmp/ring \
    && python -m compileall -q .
USER baken
EXPOSE 8000
# Behind the reverse proxy of docker-compose.yml; /dev/shm keeps the heartbeat off the disk.
CMD ["gunicorn", "referral.wsgi", "--bind=0.0.0.0:8000", "--workers=3", "--threads=4", \
     "--worker-tmp-dir=/dev/shm", "--max-requests=5000", "--max-requests-jitter=500", \
     "--timeout=60", "--graceful-timeout=30", "--no-control-socket"]
