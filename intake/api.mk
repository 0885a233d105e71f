# The API's description is part of the program (intake/api/api_machine.c).
$O/intake/api/api_machine.o: intake/api/openapi.json
# So are the documents that an administrator begins from.
$O/intake/rules/shipped.o: $(wildcard intake/rules/shipped/*.json)
