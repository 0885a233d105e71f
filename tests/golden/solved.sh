# A question that the library answers: no ticket, and the case has one more use.
quiet import "$root/data/sample" >/dev/null
quiet ask --json wifi keeps dropping >answer.json
grep -o '^{"consult_id":"[0-9a-f]*","answers":\[{"id":"[^"]*"' answer.json
id=$(member consult_id <answer.json)
case=$(grep -o '"answers":\[{"id":"[^"]*"' answer.json | cut -d '"' -f 6)
af ask --consult "$id" --opened "$case" | sed 's/^shown: .*/shown: .../'
af ask --consult "$id" --opened "$case" --json | grep -o '"opened":\[[^]]*\]'
af ask --consult "$id" --opened LC-0203
af ask --consult "$id" --solved LC-0203
af ask --consult "$id" --solved "$case" --rating 6
af ask --consult "$id" --solved "$case" --rating 5 | sed 's/^shown: .*/shown: .../'
af ask --consult "$id" --solved "$case" --rating 5 | head -n 2
af ask --consult "$id" --not-solved
af ask --consult "$id" another question
af ticket new --consult "$id" --title "Anyway"
af ask --consult 00000000000000000000000000000000
af case show "$case" | tail -n 1
af ledger verify | sed 's/[0-9]* entries/N entries/'
af ledger recompute | sed 's/[0-9]* cases/N cases/'
af ledger recompute --repair --json | sed 's/"cases":[0-9]*/"cases":N/'
af check
