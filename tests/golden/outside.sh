# What others owe: a question handed over, a part requested, and a ticket that waits for both.
only() { grep -o "\"\(state\|target\|kind\|qty\|shipped\|received\|part\)\":[^,}]*" | tr '\n' ' '; echo; }
quiet ticket new --channel phone --severity S2 --title 'no network' >/dev/null
af handoff new 1 --target moon
af handoff new 1 --target ipd
quiet handoff new 1 --target ipd --kind defect Since 7.2 only. | only
quiet handoff list --target ipd | only
af ticket move 1 wait_handoff
quiet ticket move 1 take >/dev/null
quiet ticket move 1 wait_handoff | grep '^state'
af handoff step 1 1 answer
af handoff step 1 1 confirm
quiet handoff step 1 1 answer --text 'Fixed in 7.3.' | only
quiet ticket show 1 | grep '^state'
quiet part request 1 PSU-650 --qty 2 | only
af part step 1 1 ship --qty 3
quiet part step 1 1 ship --qty 1 --carrier SF --tracking SF1234 | only
quiet part step 1 1 ship | only
quiet part step 1 1 receive | only
quiet part list | only
quiet ticket move 1 resolve >/dev/null
quiet ticket show 1 | grep -E '^(handoff|part) ' | sed 's/20[0-9-]*T[0-9:.]*Z/TIME/g'
af ticket move 1 close --reason 'a loose cable'
quiet handoff step 1 1 confirm | only
af ticket move 1 close --reason 'a loose cable'
quiet part step 1 1 return | only
quiet ticket move 1 close --reason 'a loose cable' | grep '^state'
af handoff list
af part step 1 7 ship
af handoff step 9 1 accept
af check
