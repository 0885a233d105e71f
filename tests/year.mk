# A year of a small company (tests/year): the world and what people do, beside the test itself.
$O/tests/year/year_test: $(addprefix $O/tests/year/year_,rules.o deeds.o colleagues.o outside.o)
