# The scenario and the disk that breaks on demand, for the tests of data/ and tests/fault/.
SCENARIO := $O/tests/fault/scenario.o
DISK     := $O/tests/fault/disk.o

$(addprefix $O/tests/data/,check_test backup_test dump_test): $(SCENARIO)
