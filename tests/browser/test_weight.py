"""What a page costs on a phone's network: compressed bytes, as the browser counts them."""

KILO = 1000
FIRST_VISIT = 150 * KILO
SECOND_VISIT = 30 * KILO


def _bytes_of(one, path: str) -> int:
    """All that the browser fetched for one page, headers and fonts included."""
    session = one.context.new_cdp_session(one.page)
    session.send("Network.enable")
    sizes = []
    session.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    one.page.goto(one.site + path)
    one.page.evaluate("document.fonts.ready")
    one.page.wait_for_load_state("networkidle")
    session.detach()
    return round(sum(sizes))


def test_the_journey_home_is_light(visit, site):
    """First as somebody who was just sent here: nothing in the browser's store but the sign-in."""
    before = visit()
    before.sign_in("practitioner@tower-hamlets.example")
    one = visit()
    one.context.add_cookies(before.context.cookies())
    first, second = _bytes_of(one, "/tower-hamlets/"), _bytes_of(one, "/tower-hamlets/")
    print(f"journey home: {first} bytes at first, {second} bytes after")
    assert first <= FIRST_VISIT
    assert second <= SECOND_VISIT


def test_sign_in_is_light(visit):
    first = _bytes_of(visit(), "/accounts/login/")
    assert first <= FIRST_VISIT
