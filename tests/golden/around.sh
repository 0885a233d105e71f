# Around the list: another spelling, counts, cases like a case, a case that is there already.
af import "$root/data/sample"
af search --limit 1 wifi keeps droping | head -n 3
af search --limit 1 --facets product,lang wifi | sed -n '/^lang/,$p'
af search --facets author wifi
af similar --limit 3 --json NH-0018 | grep -o '"id":"[^"]*"' | tr '\n' ' '
echo
af similar nobody
quiet case show NH-0018 --json | sed 's/"id":"NH-0018"/"id":"X-1"/' > again.json
af case put --duplicates again.json
