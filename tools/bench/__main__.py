"""`make bench`: fill, serve, measure, print, write docs/benchmarks.md."""

import asyncio
import contextlib
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import psutil
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from sqlalchemy.orm import Session

from tests.e2e.conftest import FLAGS
from tests.e2e.people import IDLE, Somebody
from tests.e2e.portal_process import ROOT, PortalProcess, free_port
from tools.bench.client import Client

TARGET = ROOT / "docs" / "benchmarks.md"
WRITTEN = "## Against the targets"
RUNS = 40
MOVES = 9


class Cost(NamedTuple):
    """CPU of one run in ms (median and spread of batches) and its wall-clock time."""

    name: str
    cpu_ms: float
    cpu_low: float
    cpu_high: float
    wall_ms: float


def prepare(portal: PortalProcess) -> dict[str, str]:
    """Fill the database; returns cookies by role and the addresses of one record of each kind."""
    portal.adopt()
    from sqlalchemy import select

    from db.models import Challenge, ChallengeStatus, Membership, Role
    from portal.accounts.sessions import create_session
    from portal.transactions import forget_database, writing
    from tools.bench.fill import fill

    portal.command("migrate")
    start = time.perf_counter()
    with writing() as session:
        fill(session, random.Random(7))
    print(f"filled in {time.perf_counter() - start:.0f} s")
    found: dict[str, str] = {}
    with writing() as session:
        open_now = select(Challenge.id).where(Challenge.status == ChallengeStatus.OPEN).limit(1)
        found["challenge"] = str(session.scalar(open_now))
        for role in (Role.LEADER, Role.OPERATOR, Role.RESEARCHER, Role.ENTERPRISE_ADMIN):
            membership = session.scalars(select(Membership).where(Membership.role == role).limit(1)).one()
            found[role.value] = create_session(session, membership.person_id, membership.id)
        found["proposal"] = str(_draft(session, found))
        many = session.scalars(select(Membership).where(Membership.role == Role.RESEARCHER).limit(200)).all()
        found["many"] = ",".join(create_session(session, row.person_id, row.id) for row in many)
    forget_database()
    return found


def _draft(session: Session, found: dict[str, str]) -> UUID:
    """A draft of the researcher in hand, with a value promised for each metric."""
    from portal.accounts.sessions import actor_of_session, key_of
    from portal.challenges.queries import metrics_of
    from portal.proposals.commands import draft_proposal, save_section
    from portal.proposals.workflow import ProposalSectionKey

    researcher = actor_of_session(session, key_of(found["researcher"]))
    challenge_id = UUID(found["challenge"])
    proposal_id = draft_proposal(session, researcher, challenge_id=challenge_id)
    promises = {str(metric.id): "5.0" for metric in metrics_of(session, challenge_id)}
    save_section(session, researcher, proposal_id=proposal_id, key=ProposalSectionKey.PROMISES, content=promises)
    return proposal_id


def server_process(portal: PortalProcess) -> psutil.Process:
    """The process that listens; the worker beside it is not measured."""
    assert portal.process is not None
    root = psutil.Process(portal.process.pid)
    for process in (root, *root.children(recursive=True)):
        if any(connection.laddr.port == portal.port for connection in process.net_connections()):
            return process
    return root


def cookie(token: str) -> str:
    return f"portal_session={token}"


async def cost_of(process: psutil.Process, name: str, client: Client) -> Cost:
    """Runs in batches of ten, since CPU times are counted in hundredths of a second."""
    await client.open()
    for _ in range(5):
        await client.rerun()
    batches, walls = [], []
    for _ in range(RUNS // 10):
        before = _cpu(process)
        for _ in range(10):
            walls.append(await client.rerun() * 1000)
        batches.append((_cpu(process) - before) * 100)
    await client.close()
    assert not client.failed, f"{name} shows an error"
    return Cost(name, statistics.median(batches), min(batches), max(batches), statistics.median(walls))


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def crowd(url: str, tokens: list[str], challenge: str, seconds: float, think: float) -> tuple[list[float], float]:
    """So many people, thinking between clicks: latencies in ms, and clicks a second.

    A third each look at the list, at the list filtered, at one challenge.
    """
    places = [("challenges", ""), ("challenges", "industry=C38&trl=7"), ("challenge", f"id={challenge}")]
    clients = [Client(url, *places[number % len(places)], cookie=cookie(token)) for number, token in enumerate(tokens)]
    for client in clients:
        await client.open()
    latencies: list[float] = []
    end = time.perf_counter() + seconds
    rng = random.Random(11)

    async def person(client: Client) -> None:
        await asyncio.sleep(rng.random() * think)
        while time.perf_counter() < end:
            latencies.append(await client.rerun() * 1000)
            await asyncio.sleep(think * rng.uniform(0.5, 1.5))

    start = time.perf_counter()
    await asyncio.gather(*map(person, clients))
    rate = len(latencies) / (time.perf_counter() - start)
    for client in clients:
        await client.close()
    return latencies, rate


def share(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


async def measure(portal: PortalProcess, found: dict[str, str]) -> list[str]:
    process = server_process(portal)
    leader, researcher = cookie(found["leader"]), cookie(found["researcher"])
    form = f"id={found['proposal']}&section=promises"
    pages = [
        ("list of challenges", Client(portal.url, "challenges", cookie=researcher)),
        ("list, filtered", Client(portal.url, "challenges", "industry=C38&trl=7", cookie=researcher)),
        ("challenge", Client(portal.url, "challenge", f"id={found['challenge']}", cookie=researcher)),
        (
            "proposal form",
            Client(portal.url, "proposal-edit", form, cookie=researcher),
        ),
        ("cockpit", Client(portal.url, "cockpit", cookie=leader)),
    ]
    memory_one = process.memory_info().rss / 2**20
    costs = [await cost_of(process, name, client) for name, client in pages]
    tokens = found["many"].split(",")
    holders = [Client(portal.url, "challenges", cookie=cookie(token)) for token in tokens]
    for holder in holders:
        await holder.open()
    await asyncio.sleep(2)
    memory_many = process.memory_info().rss / 2**20
    for holder in holders:
        await holder.close()
    calm, _rate = await crowd(portal.url, tokens[:100], found["challenge"], 30, 5)
    crowds = [(think, *await crowd(portal.url, tokens, found["challenge"], 20, think)) for think in (8, 4)]
    return report([*costs, await reference()], memory_one, memory_many, calm, crowds)


async def reference() -> Cost:
    """The same measure of a page without any portal in it."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tools.bench.reference:app", "--port", str(port)]
    process = subprocess.Popen([*command, "--log-level", "error"], cwd=ROOT)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
                break
            await asyncio.sleep(0.1)
        client = Client(f"http://127.0.0.1:{port}")
        return await cost_of(psutil.Process(process.pid), "for scale: a page of 100 plain texts", client)
    finally:
        process.terminate()
        process.wait()


def report(
    costs: list[Cost],
    memory_one: float,
    memory_many: float,
    calm: list[float],
    crowds: list[tuple[float, list[float], float]],
) -> list[str]:
    lines = [
        "## Server, one run of a page",
        "",
        "| page | CPU, median | CPU, range | wall, median |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {cost.name} | {cost.cpu_ms:.1f} ms | {cost.cpu_low:.1f}–{cost.cpu_high:.1f} ms | {cost.wall_ms:.1f} ms |"
        for cost in costs
    ]
    lines += [
        "",
        "## Memory",
        "",
        f"Resident: {memory_one:.0f} MB with one session, {memory_many:.0f} MB with 200 open sessions.",
        "",
        "## People at once, one process",
        "",
        f"100 people, 5 s of thinking: p50 {share(calm, 0.5):.0f} ms, p99 {share(calm, 0.99):.0f} ms.",
    ]
    lines += [
        f"200 sessions, {think:g} s of thinking: {rate:.0f} clicks a second at p50 {share(taken, 0.5):.0f} ms, "
        f"p95 {share(taken, 0.95):.0f} ms."
        for think, taken, rate in crowds
    ]
    return lines


class Move(NamedTuple):
    """A click inside the running app, from where it starts and what has to be on screen when it is painted."""

    name: str
    role: str
    start: str
    click: Callable[[Page], Locator]
    painted: Callable[[Page], Locator]


def moves(found: dict[str, str]) -> list[Move]:
    def navigation(name: str) -> Callable[[Page], Locator]:
        return lambda page: page.get_by_test_id("stTopNavLink").filter(has_text=name)

    def heading(name: str) -> Callable[[Page], Locator]:
        return lambda page: page.get_by_role("heading", level=1, name=name)

    def first_card(page: Page) -> Locator:
        return page.get_by_test_id("stMain").locator("a[href*='id=']").first

    def town(page: Page) -> Locator:
        page.get_by_role("combobox", name="镇街").click()
        return page.get_by_role("option").nth(3)

    def draft(page: Page) -> Locator:
        return page.get_by_test_id("stMain").get_by_role("link", name="打开草稿")

    return [
        Move("list of challenges", "researcher", "", navigation("揭榜课题"), first_card),
        Move("list, filtered", "researcher", "challenges", town, lambda page: page.get_by_text("共 ", exact=False)),
        Move("challenge", "researcher", "challenges", first_card, lambda page: page.get_by_role("tab").first),
        Move(
            "proposal form",
            "researcher",
            f"proposal?id={found['proposal']}",
            draft,
            lambda page: page.get_by_test_id("stRadio"),
        ),
        Move("cockpit", "leader", "", navigation("驾驶舱"), heading("驾驶舱")),
    ]


def painted(portal: PortalProcess, found: dict[str, str]) -> list[str]:
    """From click to painted in a real Chromium, by moving inside the app."""
    sys.path.insert(0, str(ROOT / "tools"))
    from find_chromium import find

    lines = ["", "## Browser, from click to painted", "", "| move to | median | range |", "| --- | --- | --- |"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        for move in moves(found):
            times = sorted(_one_move(browser, portal, found[move.role], move) for _ in range(MOVES))
            lines.append(f"| {move.name} | {statistics.median(times):.0f} ms | {times[0]:.0f}–{times[-1]:.0f} ms |")
        browser.close()
    return lines


def _one_move(browser: Browser, portal: PortalProcess, token: str, move: Move) -> float:
    """Milliseconds from the click until what was asked for is there and the page has come to rest."""
    person = Somebody(browser, portal.url)
    person.context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
    person.open(move.start)
    target = move.click(person.page)
    target.wait_for()
    before = person.page.evaluate("window.runsBegun")
    start = time.perf_counter()
    target.click()
    person.page.wait_for_function("seen => window.runsBegun > seen", arg=before, polling=10)
    person.page.wait_for_selector(IDLE)
    move.painted(person.page).first.wait_for()
    taken = (time.perf_counter() - start) * 1000
    person.close()
    return taken


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        portal = PortalProcess(Path(folder))
        found = prepare(portal)
        portal.start()
        try:
            lines = asyncio.run(measure(portal, found)) + painted(portal, found)
        finally:
            portal.stop()
    head = [
        "# Benchmarks",
        "",
        "Made by `make bench`: 10,000 challenges, 30,000 proposals, 2,000 organisations, 5,000 people in a throw-away",
        f"SQLite file; {os.cpu_count()} cores, Python {platform.python_version()}, load average before: "
        f"{os.getloadavg()[0]:.1f}, {date.today():%Y-%m-%d}.",
        "",
    ]
    print("\n".join(lines))
    TARGET.write_text("\n".join([*head, *lines, "", *kept_words()]), encoding="utf-8")


def kept_words() -> list[str]:
    """What somebody wrote below the figures stays there."""
    known = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    return [WRITTEN + known.split(WRITTEN, 1)[1]] if WRITTEN in known else [""]


if __name__ == "__main__":
    main()
