# What is not understood: one sentence with a hint, exit 2, and nothing is made.
"$ASKFIRST" 2>&1 | head -n 1
af nonsense
af ticket
af ticket nonsense
af search
af search --nonsense x
af search -q x
af search --limit
af search --limit ten x
af search --limit 0 x
af search --limit 1001 x
af search --batch questions.jsonl and words
af search --run name x
af import
af import --memory 191 cases.jsonl
af import --memory 4194305 cases.jsonl
af import --memory 192 cases.jsonl
af load --memory 512M dump.jsonl
af serve --memory 0
af ask
af ask --solved X
af ask --consult x --opened A --solved B
af ask --consult x --not-solved --rating 3
af ticket show
af ticket show twelve
af ticket move 1
af stats now
af case show
af case show X --version new
af token new
af token new --role king
af account set lin
af serve --threads none
af help nonsense
af --data
HOME= XDG_DATA_HOME= "$ASKFIRST" stats
echo "exit $?"
ls "$W"
af serve --listen 127.0.0.1:99999
