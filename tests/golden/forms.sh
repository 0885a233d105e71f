# Forms and problem types on tickets: asked, refused at each field, completed, classified.
cat >forms.json <<'JSON'
{"forms": [{"id": "general", "fields": []},
  {"id": "fault", "type": "fault", "fields": [
    {"id": "serial", "kind": "serial", "label": "Serial number", "required": true, "patterns": ["HG8-######"]},
    {"id": "since", "kind": "date", "label": "Since", "past": true}]}],
 "fallback": "general"}
JSON
af rules set forms forms.json
af form check forms.json
af form show --type fault
af ticket new --channel phone --title 'no signal' --type none
af ticket new --channel phone --title 'no signal' --type fault
af ticket new --channel phone --title 'no signal' --type fault --fields '{"serial": "HG9-1", "since": "2999-01-01", "colour": 1}'
af ticket new --channel phone --title 'no signal' --type fault --fields '{"serial": "hg8-123456", "since": "2026年11月2日"}'
af ticket new --channel phone --title 'no signal' --type fault --incomplete
af ticket new --channel phone --title 'no signal' --type fault --fields '[1]'
af ticket show 1
af ticket list
af ticket fields 2 '{"since": "soon"}'
af ticket fields 2 '{"serial": "HG8-654321"}'
af ticket show 2
af ticket classify 2
af ticket classify 2 --type fault
af ticket classify 2 --type usage --class complaint --reason 'asked back'
af ticket classify 2 --class usage
quiet dump >dump.jsonl
"$ASKFIRST" --data "$W/two" load dump.jsonl
"$ASKFIRST" --data "$W/two" ticket show 1
af check
