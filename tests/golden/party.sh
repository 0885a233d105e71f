# Who asks: taken in from a file, each bad line told, found however a number is written, merged, and
# what service they may expect.
cat >parties.jsonl <<'JSON'
{"account":{"id":"acme","name":"Acme 股份","domains":["ACME.example"],"rep":"wang.li","level":"standard"}}
{"contact":{"id":"c-1","account":"acme","name":"林薇","kind":"customer","identities":{"phone":["138 0013 8000","+8613800138000"],"mail":"Lin.Wei@Acme.Example","openid":"oGk3"}}}
{"contact":{"id":"c-2","name":"Wu","kind":"prospect","identities":{"phone":"13800138000"}}}
{"contact":{"id":"c-3","account":"nobody","name":"Wu","kind":"prospect"}}
{"contact":{"id":"c 4","name":"","kind":"king","identities":{"fax":"1"}}}
{"contakt":{}}
not JSON

{"contact":{"id":"c-5","name":"Lin Wei","kind":"customer","identities":{"mail":"lin@例え.jp"}}}
{"entitlement":{"id":"W-1","account":"acme","product":"HG8","serial":"sn-12","kind":"warranty","from":"2026-01-01","to":"2026-10-31"}}
{"entitlement":{"id":"K-1","contact":"c-1","product":"Ledger","kind":"contract","from":"2026-01-01","to":"2027-12-31","level":"gold"}}
JSON
af party import parties.jsonl
af party import parties.jsonl --json
af party import nowhere.jsonl
af party show c-1
af party show nobody
af party list
af party list --kind account --limit 1
af party list --kind entitlement --account acme
af party list --kind person
af party find '(0086) 138-0013-8000'
af party find Lin.Wei@acme.example --json
af party find new@acme.example
af party find 13900139000
af party merge c-5 c-1
af party merge c-5 c-1
af party find lin@例え.jp
af party entitled --contact c-1 --product HG8 --at 2026-10-31T23:59:59+08:00
af party entitled --contact c-1 --product HG8 --at 2026-11-01T00:00:00+08:00
af party entitled --contact c-1 --product HG8 --serial 'SN 13' --at 2026-06-01
af party entitled --account acme --product Ledger --at 2026-06-01 --json
af party entitled --contact nobody
af party entitled --at soon
af rules show parties
echo '{"country": "ZZ", "zone": "Mars", "enquiry_days": 0, "none_level": "gold"}' | af rules set parties -
# Tickets are somebody's; what is out of scope goes to LTC, and the answer comes back.
af ticket new --channel phone --phone 0086-13800138000 --product HG8 --serial 'sn 12' --title 'It hums' | head -n 1
quiet ticket show 1 --json | grep -o '"party":.*"entitlement":{[^}]*}'
af ticket new --channel phone --phone 13900139000 --title 'A price for 40 printers' --class non_technical | head -n 1
af ticket new --channel mail --mail new@acme.example --title 'Do you build roofs?' | head -n 1
af ticket move 3 reject --reason 'no product of ours'
af ticket party 2 --contact c-1 --reason 'his own number'
af ticket party 2 --contact nobody
af enquiry new --phone 13900139000 Forty more | sed -E 's/EQ-[0-9]{4}/EQ-<year>/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.Z]+)?/<day>/'
af enquiry list | sed -E 's/EQ-[0-9]{4}/EQ-<year>/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.Z]+)?/<day>/'
af enquiry accept 1 | sed -E 's/EQ-[0-9]{4}/EQ-<year>/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.Z]+)?/<day>/'
af enquiry answer EQ-2026-000002 'We do not, but Roofs Ltd does' | sed -E 's/EQ-[0-9]{4}/EQ-<year>/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.Z]+)?/<day>/'
af enquiry answer 2 again | sed -E 's/EQ-[0-9]{4}/EQ-<year>/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.Z]+)?/<day>/'
af enquiry show 2 | sed -E 's/EQ-[0-9]{4}/EQ-<year>/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.Z]+)?/<day>/'
af enquiry show 9 | sed -E 's/EQ-[0-9]{4}/EQ-<year>/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.Z]+)?/<day>/'
af enquiry list --state open | sed -E 's/EQ-[0-9]{4}/EQ-<year>/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.Z]+)?/<day>/'
af party show c-1 | sed -E 's/EQ-[0-9]{4}/EQ-<year>/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.Z]+)?/<day>/'
quiet dump >dump.jsonl
"$ASKFIRST" --data "$W/two" load dump.jsonl
"$ASKFIRST" --data "$W/two" party show c-1 | sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.Z]+/<day>/'
"$ASKFIRST" --data "$W/two" party find '138 0013 8000' --json
af check
