# Two tickets that are one, and one that was two after all.
for title in "No dial tone" "Telephones are dead" "Printer jams"; do
    quiet ticket new --channel phone --severity S3 --title "$title" >/dev/null
done
af ticket merge 2 1 --reason "the same cable"
af ticket show 2 | head -n 13
af ticket reply 2 for both | tail -n 2
af ticket merge 1 2
af ticket merge 3 x
af ticket merge 3 99
af ticket unmerge 2
af ticket unmerge 2 --reason "another building" | sed -n 3p
af ticket unmerge 3 --reason "no"
af ticket relate 3 parent 1 --reason "one outage" | grep parent
af ticket relate 1 parent 3
af ticket relate 1 brother 3
af ticket show 1 | grep child
af ticket move 1 take | sed -n 3p
af ticket move 1 resolve --with-children --children-text "It was the cable." | sed -n 3p
af sla sweep
af ticket show 3 | tail -n 2
af ticket relate 1 child 3 --remove | sed -n 3p
af ticket watch 3 nobody
af ticket unwatch 3 nobody
af ticket list --watcher nobody
af ticket split 1 --posts 0,x --title "Two rings"
af ticket split 1 --posts 99 --title "Two rings"
quiet ticket new --channel phone --severity S3 --title "Dead, and the printer jams" >/dev/null
quiet ticket split 4 --posts 0 --title "Printer jams" --json | sed 's|/t/[0-9a-f]*|/t/<key>|'
af ticket show 5 | head -n 13
af check
