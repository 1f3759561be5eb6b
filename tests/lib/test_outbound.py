"""Nothing is sent to a machine inside, whatever name it hides behind."""

import socket

import pytest

from referral.lib.outbound import NotAllowed, addresses_of, post, read_target

INSIDE = [
    "10.0.0.7", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
    "224.0.0.1", "255.255.255.255", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.7",
    "64:ff9b::a00:7", "2002:a00:7::1", "2001:0:a00:7::1", "64:ff9b:1::1",
]  # fmt: skip
LOOPBACK = ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"]


@pytest.fixture
def leads_to(monkeypatch):
    """Let every name lead to these addresses."""

    def lead(*addresses):
        def look_up(_host, port, **_kinds):
            family = {True: socket.AF_INET6, False: socket.AF_INET}
            return [
                (family[":" in one], socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses
            ]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    return lead


@pytest.mark.parametrize("address", INSIDE + LOOPBACK)
def test_a_name_that_leads_inside_is_refused_at_the_connection_too(leads_to, address):
    leads_to("93.184.215.14", address)

    with pytest.raises(NotAllowed):
        addresses_of(read_target("https://partner.example/"), at_home=False)
    with pytest.raises(NotAllowed):
        post("https://partner.example/", b"", {}, at_home=False)


def test_the_internet_is_asked_by_https_and_at_home_this_machine_too(leads_to):
    leads_to("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    assert len(addresses_of(read_target("https://partner.example/"), at_home=False)) == 2
    with pytest.raises(NotAllowed):
        addresses_of(read_target("http://partner.example/"), at_home=True)

    for address in LOOPBACK:
        leads_to(address)
        assert addresses_of(read_target("http://localhost:8000/"), at_home=True)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "partner.example",
        "//partner.example/",
        "ftp://partner.example/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user@partner.example/",
        "https://user:word@partner.example/",
        "https://partner.example:99999/",
        "https://partner.example/#part",
        "https://partner.example/a b",
        "https://partner.example/\r\nX: y",
        "https://pärtner.example/",
        "https://[::1/",
    ],
)
def test_what_is_no_plain_address_is_refused(url):
    with pytest.raises(NotAllowed):
        read_target(url)
