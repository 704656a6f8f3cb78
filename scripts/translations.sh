#!/bin/sh
# translations.sh update: sentences from code and templates into the catalogues; compile: catalogues into what runs.
set -e
pybabel=.venv/bin/pybabel
folder=booking/translations
case $1 in
update)
    mkdir -p .make "$folder"
    $pybabel -q extract -F babel.cfg -k N_ -k lazy_gettext -k _l --no-location --sort-output --no-wrap \
        --project=Samrom --version=1 --copyright-holder=Samrom -o .make/messages.pot .
    for language in nb nn; do
        $pybabel -q update --init-missing --ignore-pot-creation-date --no-fuzzy-matching --ignore-obsolete --no-wrap \
            -i .make/messages.pot -d "$folder" -l "$language"
    done
    ;;
compile)
    ls "$folder"/*/LC_MESSAGES/*.po >/dev/null 2>&1 || exit 0
    .venv/bin/python scripts/step.py "Compiling translations" $pybabel compile -d "$folder" --statistics
    ;;
*)
    echo "Say 'translations.sh update' or 'translations.sh compile'." >&2
    exit 2
    ;;
esac
