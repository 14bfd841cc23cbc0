"""A worker adds a shared tablet in a real browser, sees that it has been set up, and later switches it off."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from hscb_voice.staff.roles import Role
from tests.support.browser import running, watch
from tests.support.journeys import is_well, sign_in_as
from tests.support.people import add
from tests.support.sittings import CHILD
from tests.support.tablet_device import TabletDevice

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_a_worker_adds_a_tablet_sees_it_set_up_and_switches_it_off(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.WORKER)
    with running(app) as site, browser.new_context(viewport={"width": 360, "height": 640}) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/tablets/")
        sign_in_as(page, email)
        page.goto(f"{site}/staff/tablets/")
        is_well(page)
        faults = watch(page)
        page.get_by_role("button", name="Add a tablet").click()
        is_well(page)
        page.get_by_label("Name of the tablet").fill("Blue tablet")
        page.get_by_role("combobox", name="Service").fill("Family support")
        page.locator(f"input[value={CHILD}]").check()
        page.get_by_label("PIN for workers").fill("270413")
        page.get_by_role("button", name="Add this tablet").click()
        is_well(page)
        expect(page.locator("svg title")).to_have_count(1)
        page.get_by_text("The camera does not see it").click()
        device = TabletDevice.set_up(app, page.locator("code").inner_text())
        expect(page.get_by_role("status")).to_contain_text("Blue tablet has been set up")
        device.pulse(2, 1)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"{site}/staff/tablets/")
        expect(page.get_by_role("table")).to_contain_text("1 needs help")
        is_well(page)
        page.get_by_role("link", name="Blue tablet").click()
        is_well(page)
        page.get_by_role("button", name="Switch it off").click()
        is_well(page)
        page.get_by_role("button", name="Switch it off for good").click()
        expect(page.get_by_role("table")).to_contain_text("Switched off")
        assert faults == []
        assert device.pulse(2, 1).status_code == 410
