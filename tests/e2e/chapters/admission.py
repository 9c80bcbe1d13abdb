"""Everybody comes in: platform admins, officials, organisations and their people."""

from portal.organisations.workflow import OrganisationKind, OrganisationStatus
from portal.permissions import Action, Role
from tests.e2e.people import Somebody
from tests.e2e.story import Story, email, pdf
from tests.e2e.words import said, word
from tests.factories import credit_code

FEWER = "There are fewer than two platform admins. Official roles need two people: please invite another one."
OFFICIALS = {
    "operator": ("陈经办", Role.OPERATOR),
    "operator2": ("何经办", Role.OPERATOR),
    "approver": ("方审批", Role.APPROVER),
    "leader": ("吕主任", Role.LEADER),
    "auditor": ("余审计", Role.AUDITOR),
}
ORGANISATIONS = {
    "boss": ("余杭示例漆包线有限公司", OrganisationKind.ENTERPRISE, "沈总", "C38"),
    "dean": ("示例大学材料研究所", OrganisationKind.INSTITUTE, "顾院长", "M73"),
    "dean2": ("示例高分子实验室", OrganisationKind.INSTITUTE, "钱主任", "M73"),
    "broker": ("示例技术转移中心", OrganisationKind.AGENCY, "周经纪", ""),
}
MEMBERS = {
    "member": ("boss", "陆工", Role.ENTERPRISE_MEMBER),
    "researcher": ("dean", "苏教授", Role.RESEARCHER),
    "rival": ("dean2", "蒋博士", Role.RESEARCHER),
}


def platform_admins(story: Story) -> None:
    """The first by a link from the command line; below two the portal says so; the second the same way."""
    first = story.meet("admin")
    first.accept_invitation(story.portal.invite(email("admin"), "platform_admin", "平台甲"))
    first.sees(said("What waits for me"))
    first.sees(said(FEWER))
    second = story.meet("admin2")
    second.accept_invitation(story.portal.invite(email("admin2"), "platform_admin", "平台乙"))
    second.sees(said("What waits for me"))
    second.does_not_see(said(FEWER))


def officials(story: Story) -> None:
    """One admin proposes each official role, the other confirms it; the invitation comes by mail."""
    first, second = story["admin"], story["admin2"]
    first.open("people")
    for key, (name, role) in OFFICIALS.items():
        first.unfold(word(Action.PROPOSE_OFFICIAL_ROLE))
        first.fill(said("E-mail"), email(key))
        first.fill(said("Name"), name)
        first.select(said("Role"), word(role))
        first.click(said("Propose"))
        first.sees(said("Proposed. Another platform admin decides."))
        first.sees(f"{name} · {word(role)}")
    first.sees(said("Another platform admin decides."))

    second.open("people")
    for _ in OFFICIALS:
        second.click(said("Confirm the role"))
        second.confirm(said("Confirm the role"))
    second.does_not_see(said("Confirm the role"))
    for key in OFFICIALS:
        official = story.invited(key)
        official.sees(said("What waits for me"))


def organisations(story: Story) -> None:
    """Enterprise, two institutes and an agency apply with a proof; the operator verifies; their admins come in."""
    for number, (key, (name, kind, contact, industry)) in enumerate(ORGANISATIONS.items(), 71):
        applicant = story.meet(f"applicant {key}")
        _apply(applicant, name, kind, credit_code(number), contact, email(key), industry)
        applicant.close()
        del story.people[f"applicant {key}"]

    operator = story["operator"]
    for name, *_ in ORGANISATIONS.values():
        operator.open("organisations", text=name)
        operator.sees(name)
        operator.follow(name)
        operator.sees(said("Open the proof"))
        operator.click(word(Action.VERIFY_ORGANISATION))
        operator.confirm(word(Action.VERIFY_ORGANISATION))
        operator.sees(word(OrganisationStatus.VERIFIED))
    for key, (name, *_) in ORGANISATIONS.items():
        admin = story.invited(key)
        admin.sees(said("What waits for me"))
        admin.page.get_by_role("button", name=ORGANISATIONS[key][2]).click()
        admin.sees(name)
        admin.page.keyboard.press("Escape")


def members(story: Story) -> None:
    """Each admin invites their own people."""
    for key, (admin_key, name, role) in MEMBERS.items():
        admin = story[admin_key]
        admin.open("members")
        admin.unfold(word(Action.INVITE_MEMBER))
        admin.fill(said("E-mail"), email(key))
        admin.fill(said("Name"), name)
        admin.select(said("Role"), word(role))
        admin.click(said("Send the invitation"))
        admin.sees(said("The invitation is on its way by mail."))
        admin.sees(name)
        story.invited(key).sees(said("What waits for me"))


def _apply(
    applicant: Somebody, name: str, kind: OrganisationKind, code: str, contact: str, mail: str, industry: str
) -> None:
    page = applicant.page
    applicant.open()
    page.get_by_text(said("Apply to take part")).click()
    page.fill("#name", name)
    page.select_option("#kind", kind.value)
    page.fill("#credit_code", code[:-1] + ("0" if code[-1] != "0" else "1"))
    page.select_option("#industry_code", industry)
    page.fill("#summary", "在余杭从事研发与生产。")
    page.fill("#contact_name", contact)
    page.fill("#contact_email", mail)
    page.fill("#contact_phone", "0571-88000000")
    page.set_input_files("#proof", pdf("营业执照.pdf"))
    page.get_by_role("button", name=said("Send the application")).click()
    applicant.sees(
        said("The last character of the credit code does not match the others; please compare it with the licence.")
    )
    assert page.input_value("#name") == name  # what was typed stays
    page.fill("#credit_code", code)
    page.set_input_files("#proof", pdf("营业执照.pdf"))
    page.get_by_role("button", name=said("Send the application")).click()
    applicant.sees(said("Your application is in"))
