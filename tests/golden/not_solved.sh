# A question that the library does not answer becomes a ticket, with everything on it.
quiet import "$root/data/sample" >/dev/null
af ticket new --title "Straight to a ticket"
id=$(quiet ask --json the printer smells of smoke | member consult_id)
af ticket new --consult "$id" --title "Too early"
af ask --consult "$id" the printer smells burnt >/dev/null
af ask --consult "$id" --not-solved --reason unclear | head -n 2
af ticket new --consult "$id" --product "PrintWorks MFP" --name "Chen Wei" --mail chen@example.com \
    It smells burnt since this morning.
af ticket new --consult "$id" --title "Twice"
af ticket show 1
af ticket show af-2026-000001 --json | grep -o '"text":"the printer smells[^"]*"'
af ticket list --json
af ticket list --state closed
af ticket list --state nonsense
af ticket show 2
af ticket move 1 close
af ticket move 1 take | sed -n 4p
printf 'Please unplug it.\nThen call us.\n' | af ticket reply 1 - | tail -n 3
af ticket reply 1 --internal known defect | tail -n 2
af ticket reply 1 ''
af ticket link 1 PW-0101 --role nonsense
af ticket link 1 PW-9999
af ticket link 1 PW-0101 | grep PW-0101
af ticket move 1 nonsense
af ticket move 1 resolve --if-version 1
af ticket move 1 resolve --if-version none
af ticket move 1 resolve | sed -n 4p
af ticket move 1 close | sed -n 4p
af ticket move 1 reopen
af ticket move 1 reopen --reason "smells again" | sed -n 4p
af ticket new --channel phone --severity S1 --title "Called in" nothing works
af ticket new --severity S9 --channel phone --title x
af ticket new --class nonsense --channel phone --title x
af ticket new --channel nonsense --title x
quiet ticket new --channel phone --title Repeat --key k1 --json | member ticket
quiet ticket new --channel phone --title Repeat --key k1 --json | member ticket
af ticket new --channel phone --title Other --key k1
none=$(quiet ask --json qqqqqqqq zzzzzzzz | member consult_id)
af ticket new --consult "$none" | head -n 2
af case show PW-0101 | tail -n 1
af ledger verify | sed 's/[0-9]* entries/N entries/'
af check
