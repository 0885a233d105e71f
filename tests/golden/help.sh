# Every command explains itself and exits with 0.
"$ASKFIRST" --help
"$ASKFIRST" help | sed -n 's/^  \([a-z]*\( [a-z-]\+\)\?\) .*/\1/p' | grep -v '^help' | while read -r command; do
    # shellcheck disable=SC2086
    "$ASKFIRST" $command --help >"$W/help" 2>&1
    echo "$command --help: exit $?, $(head -n 1 "$W/help")"
done
"$ASKFIRST" help ticket move
"$ASKFIRST" ticket --help
