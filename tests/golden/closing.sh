# The end of a ticket: resolve, confirm, close, reopen, the survey, visits.
af ticket new --channel phone --severity S2 --title 'It hums'
af ticket move 1 take | grep state
af ticket resolve 1 --nothing-to-record 'a loose plug' --reason x
af ticket resolve 1 --nothing-to-record 'a loose plug'
af ticket confirm 1
af ticket confirm 1
af ticket survey 1
af ticket survey 1 --text 'rude'
af ticket survey 1 --score 6
af ticket survey 1 --score 2 --text 'slow'
af ticket survey 1 --score 5
af visit list
af visit list --group rd
af visit list --after x
af visit done 1 1 --result maybe
af visit done 1 1 --result not_reached | grep visit
af visit done 1 one
af visit done 1 9
af visit done 1 1 --score 4 --text 'all is well now'
af visit waive 1 1 --reason x
af ticket reopen 1
af ticket reopen 1 --reason 'hums again' | grep state
af ticket resolve 1 --reason 'another plug'
af ticket close 1
af ticket close 1 --reason 'known to all' | grep -E 'state|closed|no case|visit'
af visit list --json
af visit waive 1 2
af visit waive 1 2 --reason 'he moved' | grep visit
af ticket new --channel phone --title 'Red'
af ticket survey 2
af ticket confirm 2
af check
