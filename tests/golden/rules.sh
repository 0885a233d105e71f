# What an administrator decides: shown, set, refused with places, holidays, carried.
af rules show
af rules show routing
echo '{"products": [{"id": "NetHome HG8", "kind": "box", "line": "home"}]}' | af rules set products -
echo '{"rules": [{"id": "home", "line": "home", "group": "experts"}], "fallback": "desk"}' >routing.json
af rules set routing routing.json
af rules set routing routing.json --if-version 1
af rules set routing routing.json --if-version 7
af rules show --json
echo '{"products": []}' | af rules set products -
cat >groups.json <<'JSON'
{"groups": [
  {"id": "desk", "name": "Desk", "ring": 1, "calendar": "office"},
  {"id": "experts", "name": "Experts", "ring": 2, "calendar": "office",
   "people": [{"name": "ann", "langs": ["en"]}, {"name": "bo", "langs": ["zh-Hans"],
               "away": [{"from": "2026-11-24", "to": "2026-11-24"}]}]}]}
JSON
af rules set groups groups.json
af route explain --product 'NetHome HG8' --lang zh-Hans --at 2026-11-23T09:30:00+08:00
af route explain --product 'NetHome HG8' --lang zh-Hans --at 2026-11-24T09:30:00+08:00
af route explain --product 'NetHome HG8' --at 2026-11-22T09:30:00+08:00
af route explain --severity S1
af route explain --severity S1 --json
af route explain --at soon
echo '{"rules": [{"id": "a", "group": "nobody", "sevrity": "S1"}]}' | af rules set routing -
echo '{"rules": ' | af rules set routing -
head -c 4194305 /dev/zero | tr "\0" " " | af rules set routing -
af form show --class parts
af form show --product 'PrintWorks MFP' --lang ja
af form show --class none
af form show --class complaint --lang zh-Hant --json
cat >forms.json <<'JSON'
{"forms": [{"id": "all", "fields": [
  {"id": "sn", "kind": "serial", "label": "Serial number", "required": true, "patterns": ["HG8-######"]},
  {"id": "Wifi", "kind": "wifi"}, {"id": "b", "kind": "line", "label": "B", "when": {"field": "a", "is": ["x"]}}]}],
 "fallback": "some"}
JSON
af form check forms.json
quiet rules show forms >shipped.json
af form check shipped.json
af form check nothing.json
af rules set weather routing.json
af rules show weather
cat >days.ics <<'ICS'
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261001
DTEND;VALUE=DATE:20261008
SUMMARY:国庆节（休）
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261010
SUMMARY:国庆节（班）
END:VEVENT
END:VCALENDAR
ICS
af rules holidays office days.ics
af rules holidays nowhere days.ics
af rules holidays office routing.json
quiet rules show calendars | tail -n 20
af ticket new --channel phone --severity S2 --title 'no network' --reported 2020-01-01
af ticket new --channel phone --severity S2 --title 'no network' --product 'NetHome HG8'
af sla explain 1 --json
af ticket severity 1 S1
af ticket severity 1 S1 --reason "all of it is down"
af ticket severity 1 S9
af sla explain 7
af sla sweep
quiet dump >dump.jsonl
"$ASKFIRST" --data "$W/two" load dump.jsonl
"$ASKFIRST" --data "$W/two" rules show
af check
