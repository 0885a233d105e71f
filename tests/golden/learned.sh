# A case is found by what it solved: one person's word is shown and changes nothing, and can be taken
# back. (Two people, as the API knows them: tests/intake/ask/learn_test.c.)
quiet import "$root/data/sample" >/dev/null
quiet ask --json "路由器 红灯" >answer.json
id=$(member consult_id <answer.json)
quiet ask --consult "$id" --solved NH-0001 >/dev/null
af learned show NH-0001 | sed "s/last [0-9-]*/last <date>/"
af learned show NH-0001 --json | sed 's/"newest":"[^"]*"/"newest":"<time>"/'
af learned show NH-0002
af learned show no-such-case
af check
af learned forget "$id"
af learned show NH-0001
af learned forget 00000000000000000000000000000000
af check
