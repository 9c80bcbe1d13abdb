"""Row 9 of the bad inputs: the same file twice, and in two teams."""

import pytest

from db.models import FileObject, OrganisationKind, Role
from portal.errors import NotFound
from portal.files import store
from portal.files.queries import open_file
from portal.proposals.attachments import attach_file
from portal.proposals.queries import proposal_form
from tests.factories import add_member, add_organisation
from tests.files.samples import PDF
from tests.proposals.samples import add_world, complete


def test_a_team_keeps_a_file_once_and_learns_nothing_of_another_team(session) -> None:
    world = add_world(session)
    rival = add_member(session, Role.RESEARCHER, add_organisation(session, OrganisationKind.INSTITUTE))
    ours, theirs = (complete(session, world, lead=lead) for lead in (world.lead, rival))

    mine = attach_file(session, world.lead, proposal_id=ours, name="图纸.pdf", content=PDF)
    other = attach_file(session, rival, proposal_id=theirs, name="图纸.pdf", content=PDF)
    changed = attach_file(session, world.lead, proposal_id=ours, name="图纸.pdf", content=PDF + b"\n")

    assert len({mine, other, changed}) == 3
    # Neither on disk nor in a row does anything show that two teams hold the same bytes.
    assert store.read(mine) != store.read(other)
    assert session.get_one(FileObject, mine).sha256 != session.get_one(FileObject, other).sha256
    assert [row.name for row in proposal_form(session, world.lead, ours).files] == ["图纸.pdf", "图纸.pdf"]
    assert len(proposal_form(session, rival, theirs).files) == 1
    with pytest.raises(NotFound):
        open_file(session, world.lead, other)
    assert open_file(session, world.lead, changed).content == PDF + b"\n"
