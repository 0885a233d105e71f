# A year of a small company (tests/year): the world and what people do, beside the test itself.
$O/tests/year/year_test: $O/tests/year/year_rules.o $O/tests/year/year_deeds.o $O/tests/year/year_outside.o
