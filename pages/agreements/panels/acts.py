"""The acts at the head of an agreement: sign, edit, renew, break off, end early."""

from typing import Any

from portal.agreements.commands import abandon_agreement, prepare_renewal, sign_agreement, terminate_agreement
from portal.agreements.queries import AgreementDetail
from portal.agreements.rules import SIGNS
from portal.agreements.workflow import AgreementStatus, PartySide
from portal.permissions import Action, Actor, Role
from portal.ui import _, escape, label, perform
from portal.ui.record import Button, confirm_dialog, reason_dialog
from portal.ui.run import tell
from portal.ui.shell import open_page


def buttons(record: AgreementDetail) -> tuple[Button | None, list[Button]]:
    """What is due now comes first: a signature, the renewal in the last weeks, the draft of whoever writes it."""
    acts: dict[Action, Any] = {
        Action.SIGN_AGREEMENT: _sign,
        Action.PREPARE_RENEWAL: _renew,
        Action.EDIT_AGREEMENT: _edit,
        Action.ABANDON_AGREEMENT: _abandon,
        Action.TERMINATE_AGREEMENT: _terminate,
    }
    found = [
        Button(label(action), lambda act=act: act(record), action.value)  # type: ignore[misc]
        for action, act in acts.items()
        if action in record.actions
    ]
    due = {Action.SIGN_AGREEMENT.value, Action.EDIT_AGREEMENT.value}
    if record.row.status is AgreementStatus.REVIEW_DUE:
        due.add(Action.PREPARE_RENEWAL.value)
    if not found or found[0].key not in due:
        return None, found
    return found[0], found[1:]


def hint(record: AgreementDetail, actor: Actor) -> str:
    """Whose signature is missing, or why this reader cannot give it."""
    if record.row.status is not AgreementStatus.NEGOTIATING:
        return ""
    missing = [party.name for party in record.parties if party.side in SIGNS and not party.signed_at]
    if actor.role is Role.APPROVER and Action.SIGN_AGREEMENT not in record.actions:
        district = [party for party in record.parties if party.side is PartySide.DISTRICT]
        if any(not party.signed_at for party in district):
            return _("You wrote this draft; another approver signs it for the district.")
    return _("Still to sign: {names}", names=[escape(name) for name in missing])


def _target(record: AgreementDetail) -> dict[str, Any]:
    return {"agreement_id": record.row.id, "version": record.version}


def _sign(record: AgreementDetail) -> None:
    def done() -> None:
        if perform(sign_agreement, **_target(record)):
            tell(_("You have signed."))

    confirm_dialog(
        label(Action.SIGN_AGREEMENT),
        _("You sign the content, the document and the commitments as they stand now. Any later change voids it."),
        done,
        key="sign",
    )


def _renew(record: AgreementDetail) -> None:
    def done() -> None:
        if perform(prepare_renewal, **_target(record)):
            tell(_("The renewal is drafted; its link stands below the title."))

    confirm_dialog(
        label(Action.PREPARE_RENEWAL),
        _("A draft with the same parties, fields and people is made; the term begins on the day after this one ends."),
        done,
        key="renew",
    )


def _edit(record: AgreementDetail) -> None:
    open_page("agreement-edit", record.row.id)


def _abandon(record: AgreementDetail) -> None:
    reason_dialog(
        label(Action.ABANDON_AGREEMENT),
        _("The draft ends here for good, with the commitments in it; the parties read your reason."),
        lambda reason: bool(perform(abandon_agreement, reason=reason, **_target(record))),
        key="abandon",
    )


def _terminate(record: AgreementDetail) -> None:
    reason_dialog(
        label(Action.TERMINATE_AGREEMENT),
        _("The agreement ends today, and every open commitment is dropped with it; the parties read your reason."),
        lambda reason: bool(perform(terminate_agreement, reason=reason, **_target(record))),
        key="terminate",
    )
