"""The demo district's activities and documents. All of it is illustrative."""

# (name, containment level, reference of the approval, reference of the risk assessment)
ACTIVITIES = [
    ("Mikroskopi av faste preparater", 1, "", "RV-DEMO-1"),
    ("Cellekultur, humane cellelinjer", 2, "GK-DEMO-2", "RV-DEMO-2"),
    ("Arbeid med virusvektorer", 3, "GK-DEMO-3", "RV-DEMO-3"),
]

# (slug, how often, names, texts, what is confirmed)
DOCUMENTS = [
    (
        "vatlab",
        "yearly",
        {"nb": "Laboratorieregler", "nn": "Laboratoriereglar", "en": "Laboratory rules"},
        {
            "nb": "Bruk frakk og vernebriller.\nIkke spis eller drikk i laboratoriet.\n"
            "Vet du ikke hva som er i en flaske, så la den stå.\nNøddusj og øyeskyll er ved døra.",
            "nn": "Bruk frakk og vernebriller.\nIkkje et eller drikk i laboratoriet.\n"
            "Veit du ikkje kva som er i ei flaske, så lat ho stå.\nNauddusj og augeskyl er ved døra.",
            "en": "Wear a coat and goggles.\nDo not eat or drink in the laboratory.\n"
            "If you do not know what is in a bottle, leave it.\nEmergency shower and eyewash are by the door.",
        },
        [
            {
                "nb": "Jeg har lest reglene og følger dem.",
                "nn": "Eg har lese reglane og følgjer dei.",
                "en": "I have read the rules and will follow them.",
            },
            {
                "nb": "Jeg vet hvor nøddusjen og øyeskyllet er.",
                "nn": "Eg veit kvar nauddusjen og augeskylet er.",
                "en": "I know where the emergency shower and the eyewash are.",
            },
        ],
    )
]
