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
af check
