#!/bin/sh
# embed.sh DIR FILE...: writes DIR/assets.c, which holds each file as it is, by gzip -9n and by
# brotli -q 11 (.incbin: no slow arrays, no xxd). The hash is of the content (SHA-256, 64 bits).
set -eu
dir=$1
shift
{
    echo '/* made by embed.sh */'
    echo '#include "intake/web/asset.h"'
    rows=
    n=0
    for file in "$@"; do
        name=${file##*/}
        case $name in
        *.css) type='text/css; charset=utf-8' ;;
        *.js) type='text/javascript; charset=utf-8' ;;
        *.svg) type='image/svg+xml' ;;
        *) echo "embed.sh: no type for $name" >&2; exit 1 ;;
        esac
        hash=$(sha256sum <"$file" | cut -c1-16)
        gzip -9nc "$file" >"$dir/$name.gz"
        brotli -f -q 11 -o "$dir/$name.br" "$file"
        rows="$rows    {\"$name\", \"$hash\", \"$type\", {"
        for coded in "$file" "$dir/$name.gz" "$dir/$name.br"; do
            s=asset_bytes_$n
            n=$((n + 1))
            printf '__asm__(".section .rodata\\n%s:\\n.incbin \\"%s\\"\\n%s_end:\\n.previous");\n' \
                "$s" "$coded" "$s"
            echo "extern const uint8_t $s[], ${s}_end[];"
            rows="$rows{$s, ${s}_end}, "
        done
        rows="$rows}},
"
    done
    echo 'const struct asset asset_table[] = {'
    printf '%s    {0}};\n' "$rows"
} >"$dir/assets.c.new"
mv -f "$dir/assets.c.new" "$dir/assets.c"
