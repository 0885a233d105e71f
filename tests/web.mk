# The program with a search that always reached the work limit, for tests/web.
$O/tests/web/overloaded: $O/intake/main.o $O/tests/web/overloaded.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ -Wl,--wrap=search_run $^ $(LDLIBS)

check-built: $O/tests/web/overloaded
