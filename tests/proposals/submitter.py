"""A process that submits the same proposal again and again, telling each receipt only after its commit."""

import sys
from itertools import count
from uuid import UUID

from portal.accounts.sessions import actor_of_session
from portal.proposals.attachments import attach_file, remove_attachment
from portal.proposals.commands import save_section
from portal.proposals.queries import proposal_form
from portal.proposals.submission import submit_proposal
from portal.transactions import writing
from tests.proposals.samples import K


def main(session_key: str, proposal_id: UUID, life: str) -> None:
    for number in count():
        words = f"{life}-{number}"
        with writing() as session:
            actor = actor_of_session(session, session_key)
            save_section(session, actor, proposal_id=proposal_id, key=K.PLAN, content={"text": words})
            for row in proposal_form(session, actor, proposal_id).files:
                remove_attachment(session, actor, proposal_id=proposal_id, file_id=row.id)
            attach_file(session, actor, proposal_id=proposal_id, name=f"{life}.txt", content=words.encode())
        with writing() as session:
            actor = actor_of_session(session, session_key)
            receipt = submit_proposal(session, actor, proposal_id=proposal_id)
        print(receipt.submission_id, receipt.content_hash, words, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], UUID(sys.argv[2]), sys.argv[3])
