# Writes phone_plan.c from the metadata of Debian's python3-phonenumbers (a port of Google's
# libphonenumber), one file for each region or number space: see phone_plan.h.
#
#   PHONE_METADATA_CN = PhoneMetadata(id='CN', country_code=86, international_prefix='00|1(?:[12]…)',
#       general_desc=PhoneNumberDesc(…, possible_length=(7, 8, 9, 10, 11, 12), …),
#       …
#       preferred_international_prefix='00',
#       national_prefix='0',
function quoted(line, name,    at) {
    at = index(line, name "='")
    if (at == 0)
        return ""
    line = substr(line, at + length(name) + 2)
    return substr(line, 1, index(line, "'") - 1)
}
function lengths(line,    at, n, i, parts, mask) {
    at = index(line, "possible_length=(")
    if (at == 0)
        return 0
    line = substr(line, at + 17)
    n = split(substr(line, 1, index(line, ")") - 1), parts, ",")
    mask = 0
    for (i = 1; i <= n; i++)
        if (parts[i] + 0 > 0 && parts[i] + 0 < 18)
            mask += 2 ^ (parts[i] + 0)
    return mask
}
# Of the alternatives that begin an international call, the first that is digits and nothing else.
function plain(pattern,    i, c, depth, part) {
    gsub(/~/, "", pattern)
    pattern = pattern "|"
    depth = 0
    part = ""
    for (i = 1; i <= length(pattern); i++) {
        c = substr(pattern, i, 1)
        depth += (c == "(") - (c == ")")
        if (c != "|" || depth > 0) {
            part = part c
            continue
        }
        if (part ~ /^[0-9]+$/ && length(part) < 6)
            return part
        part = ""
    }
    return ""
}
function write_row() {
    if (id != "" && mask > 0)
        printf "    {\"%s\", %d, \"%s\", \"%s\", 0x%x, %s},\n", id, code, trunk, \
            preferred != "" ? preferred : abroad, mask, main
    id = ""
}
BEGIN { print "#include \"intake/party/phone_plan.h\"\n\nconst struct phone_plan phone_plans[] = {" }
/^PHONE_METADATA_/ {
    write_row()
    id = quoted($0, "(id")
    code = substr($0, index($0, "country_code=") + 13) + 0
    abroad = plain(quoted($0, "international_prefix"))
    mask = 0; trunk = ""; preferred = ""; main = "false"
}
/^ *general_desc=/ { mask = lengths($0) }
/^ *preferred_international_prefix=/ { preferred = plain(quoted($0, "preferred_international_prefix")) }
/^ *national_prefix=/ { trunk = quoted($0, "national_prefix") }
/main_country_for_code=True/ { main = "true" }
END {
    write_row()
    print "};\nconst unsigned phone_plans_count = sizeof phone_plans / sizeof phone_plans[0];"
}
