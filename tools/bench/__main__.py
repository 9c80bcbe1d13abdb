"""`make bench`: fill, serve, measure, print, write docs/benchmarks.md."""

import asyncio
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.e2e.portal_process import ROOT, PortalProcess
from tools.bench.client import Client

TARGET = ROOT / "docs" / "benchmarks.md"
RUNS = 40


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
        many = session.scalars(select(Membership).where(Membership.role == Role.RESEARCHER).limit(200)).all()
        found["many"] = ",".join(create_session(session, row.person_id, row.id) for row in many)
    forget_database()
    return found


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


async def crowd(url: str, tokens: list[str], seconds: float, think: float) -> tuple[list[float], float]:
    """So many people, thinking between clicks: latencies in ms, and clicks a second."""
    clients = [Client(url, "challenges", cookie=cookie(token)) for token in tokens]
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
    pages = [
        ("list of challenges", Client(portal.url, "challenges", cookie=researcher)),
        ("list, filtered", Client(portal.url, "challenges", "industry=C38&trl=7", cookie=researcher)),
        ("challenge", Client(portal.url, "challenge", f"id={found['challenge']}", cookie=researcher)),
        ("proposal form", Client(portal.url, "proposal-edit", f"challenge={found['challenge']}", cookie=researcher)),
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
    calm, _rate = await crowd(portal.url, tokens[:100], 30, 5)
    busy, rate = await crowd(portal.url, tokens, 20, 4)
    return report(costs, memory_one, memory_many, calm, busy, rate)


def report(
    costs: list[Cost], memory_one: float, memory_many: float, calm: list[float], busy: list[float], rate: float
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
        f"200 sessions, 4 s of thinking: {rate:.0f} clicks a second at p95 {share(busy, 0.95):.0f} ms.",
    ]
    return lines


def painted(portal: PortalProcess, found: dict[str, str]) -> list[str]:
    """From click to painted in a real Chromium, by moving inside the app."""
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(ROOT / "tools"))
    from find_chromium import find

    from tests.e2e.conftest import FLAGS

    moves = [("揭榜课题", "researcher"), ("驾驶舱", "leader")]
    lines = ["", "## Browser, from click to painted", "", "| move to | median | range |", "| --- | --- | --- |"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        for name, role in moves:
            context = browser.new_context(locale="zh-CN")
            context.add_cookies([{"name": "portal_session", "value": found[role], "url": portal.url}])
            page = context.new_page()
            page.goto(portal.url)
            page.get_by_test_id("stTopNavLink").filter(has_text=name).wait_for()
            times = []
            for _ in range(7):
                page.get_by_test_id("stTopNavLink").filter(has_text="首页").click()
                page.get_by_role("heading", level=1).filter(has_not_text=name).wait_for()
                page.wait_for_timeout(400)
                start = time.perf_counter()
                page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
                page.get_by_role("heading", level=1).filter(has_text=name).wait_for()
                times.append((time.perf_counter() - start) * 1000)
            lines.append(f"| {name} | {statistics.median(times):.0f} ms | {min(times):.0f}–{max(times):.0f} ms |")
            context.close()
        browser.close()
    return lines


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
    TARGET.write_text("\n".join([*head, *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
