# Why: what is told, without forms and figures, which change with every constant and word list.
af import "$root/data/sample"
af explain --json --limit 1 --case NH-0019 wifi keeps droping | grep -o '"[a-z_]*":' | sort -u | tr -d '\n'
echo
af explain --limit 1 --case PW-0101 'wifi keeps droping' | grep -v '^   ' | sed 's/[0-9][0-9.]*/N/g; s/N  *N/N N/g'
af explain --limit 1 --case nobody wifi | tail -n 2
af explain '?!'
af explain
