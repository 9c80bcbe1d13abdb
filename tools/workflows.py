"""Write docs/workflows.md from the transition tables, or check that it is up to date."""

import sys
from pathlib import Path

from portal import wording
from portal.agreements.workflow import AGREEMENT_WORKFLOW, COMMITMENT_WORKFLOW
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.landings.workflow import CLAIM_WORKFLOW, FIRST_WORKFLOW, TALK_WORKFLOW, WORKFLOWS
from portal.metrics.four_chains.workflow import EDITION_WORKFLOW
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.talents.workflow import TALENT_WORKFLOW
from portal.validation.workflow import VALIDATION_WORKFLOW
from portal.ventures.workflow import VENTURE_WORKFLOW
from portal.visits.workflow import PARTICIPANT_WORKFLOW, VISIT_WORKFLOW
from portal.workflow import Workflow

TARGET = Path(__file__).resolve().parent.parent / "docs" / "workflows.md"


def text() -> str:
    parts = [
        "# Workflows\n",
        "Made from the transition tables in `portal/*/workflow.py` by `make workflows`; the buttons on the pages are",
        "made from the same tables.\n",
        chapter("Challenge", CHALLENGE_WORKFLOW),
        chapter("Proposal", PROPOSAL_WORKFLOW),
        chapter("Line validation", VALIDATION_WORKFLOW),
        chapter("Agreement", AGREEMENT_WORKFLOW),
        chapter("Commitment", COMMITMENT_WORKFLOW),
        chapter("Venture", VENTURE_WORKFLOW),
    ]
    parts += [chapter(f"Landing, {wording.label(lane, 'en').lower()}", flow) for lane, flow in WORKFLOWS.items()]
    parts += [
        chapter("First of its kind", FIRST_WORKFLOW),
        chapter("Claim to a landing project", CLAIM_WORKFLOW),
        chapter("Support talk", TALK_WORKFLOW),
    ]
    parts.append(chapter("Edition of the four chains", EDITION_WORKFLOW))
    parts.append(chapter("Talent", TALENT_WORKFLOW))
    parts += [chapter("Visit", VISIT_WORKFLOW), chapter("Participant of a visit", PARTICIPANT_WORKFLOW)]
    return "\n".join(parts)


def chapter(title: str, workflow: Workflow) -> str:
    def word(member):
        return wording.label(member, "en")

    rows = [
        f"| {', '.join(word(source) for source in step.sources)} | {word(step.action)} | {word(step.target)} | "
        f"{', '.join(str(role) for role in workflow.roles_of(step.action))} | "
        f"{'; '.join((*(['a reason'] if step.needs_reason else []), *step.guards))} |"
        for step in workflow.transitions
    ]
    table = "| from | act | to | who | what is checked |\n| --- | --- | --- | --- | --- |\n" + "\n".join(rows)
    return f"## {title}\n\n```mermaid\n{workflow.to_mermaid(word)}\n```\n\n{table}\n"


def main(check: bool) -> int:
    wanted = text()
    if not check:
        TARGET.write_text(wanted, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/workflows.md is not what the transition tables say; run `make workflows`")
    return 1


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
