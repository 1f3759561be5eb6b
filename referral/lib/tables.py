"""A new table in a migration, without drawing up every other model again."""

from django.db import migrations
from django.db.migrations.state import ProjectState


class NewTable(migrations.CreateModel):
    """Django's `CreateModel`, which renders the new model and nothing else.

    Django renders anew all models that are connected with it by any number of steps, since some
    may inherit from what changed; of a table that is new this is true of none. With more than a
    hundred connected tables it is most of the time that migrating takes.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        rendered = state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)
        if rendered is not None:
            rendered.render_multiple([state.models[app_label, self.name_lower]])
            state.__dict__["apps"] = rendered
