"""The demo district's organisations and members. Nobody here is a real person."""

from typing import Any

ORGANISATIONS = [
    ("ntnu", "NTNU", "academia"),
    ("siva", "Siva", "public"),
    ("trondheim-kommune", "Trondheim kommune", "public"),
    ("adresseavisen", "Adresseavisen", "business"),
    ("sparebank1-smn", "SpareBank 1 SMN", "business"),
    ("sintef", "SINTEF", "academia"),
    ("helse-midt-norge", "Helse Midt-Norge RHF", "public"),
    ("equinor", "Equinor", "business"),
    ("trondelag-fylkeskommune", "Trøndelag fylkeskommune", "public"),
    ("innovasjon-norge", "Innovasjon Norge", "public"),
    ("st-olavs-hospital", "St. Olavs hospital", "public"),
    ("naeringsforeningen", "Næringsforeningen i Trondheimsregionen", "association"),
    ("studenttinget", "Studenttinget", "student"),
    ("sit", "Studentskipnaden i Trondheim, Ålesund og Gjøvik", "student"),
    ("trondheimregionen", "Trondheimregionen", "public"),
]
STUDENT_ORGANISATIONS = ("ntnu", "studenttinget", "sit")
# Everybody may know it: the accounts exist in demo mode only.
PASSWORD = "demo-passord"  # nosec B105


def members() -> list[dict[str, Any]]:
    """1-15 are members of one organisation each, 16-30 its admins, 31-40 students; four more have duties."""
    slugs = [slug for slug, _, _ in ORGANISATIONS]
    people = [_member(n, slugs[n - 1], "member") for n in range(1, 16)]
    people += [_member(n, slugs[n - 16], "admin") for n in range(16, 31)]
    people += [_member(n, STUDENT_ORGANISATIONS[n % 3], "student") for n in range(31, 41)]
    people[0]["memberships"].append(("sintef", "member"))
    return [
        *people,
        _with_duty("leder", "Demo romleder", "innovasjon-norge", duties=[("building", "byggetrinn-2")]),
        _with_duty("lab", "Demo lableder", "st-olavs-hospital", duties=[("site", "helseinnovasjonsarena")]),
        _with_duty("admin", "Demo admin", "innovasjon-norge", site_role="site_admin"),
        _with_duty("revisor", "Demo revisor", "trondheim-kommune", site_role="auditor"),
    ]


def _member(number: int, organisation: str, role: str) -> dict[str, Any]:
    return {"email": f"medlem{number}", "name": f"Demo medlem {number}", "memberships": [(organisation, role)]}


def _with_duty(email: str, name: str, organisation: str, **more: Any) -> dict[str, Any]:
    return {"email": email, "name": name, "memberships": [(organisation, "member")], **more}
