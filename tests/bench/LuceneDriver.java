// LuceneDriver.java: Lucene 4.10.4 behind the protocol of driver.h, as a careful user would set it
// up: StandardTokenizer, CJKWidth, LowerCase, CJKBigram (with single characters in the index),
// English possessives and Porter stems; BM25, the title three times; a CJK run is a phrase of
// bigrams; when nothing is found, FuzzyQuery (one edit, first letter kept, 50 expansions); then OR.
// Whole questions are an OR of which 30 % must match. One segment (forceMerge), MMapDirectory.
//
// It has no block-max pruning: a Lucene of today is several times faster on OR.

import java.io.*;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.lucene.analysis.*;
import org.apache.lucene.analysis.cjk.*;
import org.apache.lucene.analysis.core.*;
import org.apache.lucene.analysis.en.*;
import org.apache.lucene.analysis.standard.*;
import org.apache.lucene.analysis.tokenattributes.*;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.similarities.*;
import org.apache.lucene.store.*;
import org.apache.lucene.util.Version;

public class LuceneDriver
{
    static final Version VERSION = Version.LUCENE_4_10_4;
    static final int HITS = 10, FUZZY_LETTERS_MIN = 4, EXPANSIONS = 50, SENTENCE_TERMS_MAX = 500;
    static final String[] FIELDS = {"title", "body"};
    static final float[] WEIGHTS = {3f, 1f};
    static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    static final com.sun.management.OperatingSystemMXBean MACHINE =
        (com.sun.management.OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean();

    // --- text -----------------------------------------------------------------------------------

    static Analyzer analyzer(final boolean characters)
    {
        return new Analyzer() {
            @Override protected TokenStreamComponents createComponents(String field, Reader reader)
            {
                StandardTokenizer tokenizer = new StandardTokenizer(reader);
                TokenStream stream =
                    new LowerCaseFilter(new CJKWidthFilter(new StandardFilter(tokenizer)));
                int scripts =
                    CJKBigramFilter.HAN | CJKBigramFilter.HIRAGANA | CJKBigramFilter.KATAKANA;
                stream = new CJKBigramFilter(stream, scripts, characters);
                stream = new PorterStemFilter(new EnglishPossessiveFilter(VERSION, stream));
                return new TokenStreamComponents(tokenizer, stream);
            }
        };
    }

    static final Analyzer FOR_INDEX = analyzer(true), FOR_QUESTIONS = analyzer(false);

    static boolean isCjk(int c)
    {
        return (c >= 0x2E80 && c <= 0x2FFF) || (c >= 0x3040 && c <= 0x30FF) ||
            (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
            (c >= 0xF900 && c <= 0xFAFF);
    }

    /** Neighbouring characters that are all CJK, or all of one word: text_runs() of text.c. */
    static List<String> runs(String text)
    {
        List<String> runs = new ArrayList<>();
        int last = 0, start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            int kind = isCjk(c) ? 1 : Character.isLetterOrDigit(c) || c == '_' ? 2 : 0;
            if (kind != last) {
                if (last != 0)
                    runs.add(text.substring(start, i));
                start = i;
            }
            last = kind;
        }
        return runs;
    }

    static List<String> terms(String run) throws IOException
    {
        List<String> terms = new ArrayList<>();
        try (TokenStream stream = FOR_QUESTIONS.tokenStream("body", run)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken())
                terms.add(term.toString());
            stream.end();
        }
        return terms;
    }

    // --- questions ------------------------------------------------------------------------------

    static Query inBothFields(Function<String, Query> make)
    {
        BooleanQuery both = new BooleanQuery(true);
        for (int i = 0; i < FIELDS.length; i++) {
            Query query = make.apply(FIELDS[i]);
            query.setBoost(WEIGHTS[i]);
            both.add(query, BooleanClause.Occur.SHOULD);
        }
        return both;
    }

    static Query phrase(List<String> terms)
    {
        return inBothFields(field -> {
            if (terms.size() == 1)
                return new TermQuery(new Term(field, terms.get(0)));
            PhraseQuery phrase = new PhraseQuery();
            for (String term : terms)
                phrase.add(new Term(field, term));
            return phrase;
        });
    }

    static Query beginning(String word)
    {
        return inBothFields(field -> {
            PrefixQuery query = new PrefixQuery(new Term(field, word));
            query.setRewriteMethod(new MultiTermQuery.TopTermsBoostOnlyBooleanQueryRewrite(64));
            return query;
        });
    }

    static Query slip(String term)
    {
        return inBothFields(field -> new FuzzyQuery(new Term(field, term), 1, 1, EXPANSIONS, true));
    }

    static class Session
    {
        final IndexSearcher searcher;

        Session(IndexReader reader)
        {
            searcher = new IndexSearcher(reader);
            searcher.setSimilarity(new BM25Similarity());
        }

        boolean run(Query query, List<String> ids) throws IOException
        {
            for (ScoreDoc hit : searcher.search(query, HITS).scoreDocs)
                ids.add(searcher.doc(hit.doc, Collections.singleton("id")).get("id"));
            return !ids.isEmpty();
        }

        void sentence(List<String> runs, List<String> ids) throws IOException
        {
            Set<String> unique = new LinkedHashSet<>();
            for (String run : runs)
                unique.addAll(terms(run));
            BooleanQuery any = new BooleanQuery(true);
            unique.stream()
                .limit(SENTENCE_TERMS_MAX)
                .forEach(term -> any.add(phrase(List.of(term)), BooleanClause.Occur.SHOULD));
            any.setMinimumNumberShouldMatch((int)(unique.size() * .3));
            run(any, ids);
        }

        void search(String name, String question, List<String> ids) throws IOException
        {
            List<String> runs = runs(question);
            if (name.equals("q_sent")) {
                sentence(runs, ids);
                return;
            }
            BooleanQuery all = new BooleanQuery(true), any = new BooleanQuery(true);
            BooleanQuery fuzzy = new BooleanQuery(true);
            boolean correctable = false;
            for (int i = 0; i < runs.size(); i++) {
                String run = runs.get(i);
                boolean cjk = isCjk(run.charAt(0)), last = i + 1 == runs.size();
                List<String> terms = terms(run);
                if (terms.isEmpty())
                    continue;
                Query unit = name.equals("prefix") && last && !cjk ? beginning(run.toLowerCase())
                                                                   : phrase(terms);
                all.add(unit, BooleanClause.Occur.MUST);
                any.add(unit, BooleanClause.Occur.SHOULD);
                boolean word = !cjk && run.length() >= FUZZY_LETTERS_MIN;
                fuzzy.add(word ? slip(terms.get(0)) : unit, BooleanClause.Occur.MUST);
                correctable |= word;
            }
            if (all.clauses().isEmpty() || run(all, ids) || (correctable && run(fuzzy, ids)))
                return;
            if (all.clauses().size() > 1)
                run(any, ids);
        }
    }

    // --- building, saving -----------------------------------------------------------------------

    static IndexWriter writer(String dir, IndexWriterConfig.OpenMode mode) throws IOException
    {
        IndexWriterConfig config = new IndexWriterConfig(VERSION, FOR_INDEX);
        config.setSimilarity(new BM25Similarity());
        config.setRAMBufferSizeMB(256);
        config.setOpenMode(mode);
        return new IndexWriter(MMapDirectory.open(new File(dir)), config);
    }

    static Document document(String[] row)
    {
        Document document = new Document();
        document.add(new StringField("id", row[0], Field.Store.YES));
        document.add(new TextField("title", row[2], Field.Store.YES));
        document.add(new TextField("body", row[3], Field.Store.YES));
        return document;
    }

    static BufferedReader reader(InputStream stream)
    {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8), 1 << 20);
    }

    static long peakKb() throws IOException
    {
        try (BufferedReader status = new BufferedReader(new FileReader("/proc/self/status"))) {
            for (String line; (line = status.readLine()) != null;)
                if (line.startsWith("VmHWM"))
                    return Long.parseLong(line.replaceAll("\\D", ""));
        }
        return 0;
    }

    static void build(String dir, String corpus) throws IOException
    {
        long began = System.nanoTime(), docs = 0;
        IndexWriter writer = writer(dir, IndexWriterConfig.OpenMode.CREATE);
        try (BufferedReader rows = reader(new FileInputStream(corpus))) {
            for (String line; (line = rows.readLine()) != null; docs++)
                writer.addDocument(document(line.split("\t", 4)));
        }
        writer.forceMerge(1);
        writer.commit();
        writer.close();
        out.printf("built\t%d\t%d\t%d\t%d\t0%n", docs, MACHINE.getProcessCpuTime(),
                   System.nanoTime() - began, peakKb());
    }

    // --- the driver -----------------------------------------------------------------------------

    static final PrintStream out =
        new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                        false, StandardCharsets.UTF_8);

    static void open(String dir, String question) throws IOException
    {
        long cpu = MACHINE.getProcessCpuTime(), wall = System.nanoTime();
        List<String> ids = new ArrayList<>();
        new Session(DirectoryReader.open(MMapDirectory.open(new File(dir))))
            .search("zh2", question, ids);
        out.printf("opened\t%d\t%d\t%d%n", MACHINE.getProcessCpuTime() - cpu,
                   System.nanoTime() - wall, ids.size());
    }

    DirectoryReader reader;
    IndexWriter writer; // null: only asked
    Session session;

    LuceneDriver(String dir, boolean write) throws IOException
    {
        writer = write ? writer(dir, IndexWriterConfig.OpenMode.APPEND) : null;
        reader = write ? DirectoryReader.open(writer, true)
                       : DirectoryReader.open(MMapDirectory.open(new File(dir)));
        session = new Session(reader);
    }

    void search(String name, String question) throws IOException
    {
        List<String> ids = new ArrayList<>();
        long wall = System.nanoTime(), cpu = THREADS.getCurrentThreadCpuTime();
        session.search(name, question, ids);
        cpu = THREADS.getCurrentThreadCpuTime() - cpu;
        out.printf("hits\t%d\t%d\t%s\n", cpu, System.nanoTime() - wall, String.join(" ", ids));
    }

    void save(String token, String article) throws IOException
    {
        List<String> ids = new ArrayList<>();
        String[] row = article.split("\t", 4);
        long cpu = MACHINE.getProcessCpuTime(), wall = System.nanoTime();
        writer.updateDocument(new Term("id", row[0]), document(row));
        writer.commit();
        while (ids.isEmpty()) {
            DirectoryReader newer = DirectoryReader.openIfChanged(reader, writer, true);
            if (newer != null) {
                reader.close();
                reader = newer;
                session = new Session(reader);
            }
            session.search("code", token, ids);
        }
        out.printf("saved\t%d\t%d\n", MACHINE.getProcessCpuTime() - cpu, System.nanoTime() - wall);
    }

    /** Steps through the questions by a prime, so that classes alternate. */
    long work(List<String[]> questions, int at, long until)
    {
        long asked = 0;
        try {
            for (; System.nanoTime() < until; asked++) {
                at = (at + 1009) % questions.size();
                session.search(questions.get(at)[0], questions.get(at)[2], new ArrayList<>());
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        return asked;
    }

    void load(int threads, double seconds, String file) throws Exception
    {
        List<String[]> questions = new ArrayList<>();
        try (BufferedReader lines = reader(new FileInputStream(file))) {
            for (String line; (line = lines.readLine()) != null;)
                questions.add(line.split("\t", 3));
        }
        AtomicLong asked = new AtomicLong();
        List<Thread> workers = new ArrayList<>();
        long cpu = MACHINE.getProcessCpuTime(), wall = System.nanoTime(),
             until = wall + (long)(seconds * 1e9);
        for (int i = 0; i < threads; i++) {
            final int at = i * 7919;
            workers.add(new Thread(() -> asked.addAndGet(work(questions, at, until))));
            workers.get(i).start();
        }
        for (Thread worker : workers)
            worker.join();
        out.printf("loaded\t%d\t%d\t%d\t0\t0\n", asked.get(), MACHINE.getProcessCpuTime() - cpu,
                   System.nanoTime() - wall);
    }

    void serve() throws Exception
    {
        out.print("ready\n");
        out.flush();
        BufferedReader requests = reader(System.in);
        for (String line; (line = requests.readLine()) != null;) {
            String[] verb = line.split("\t", 2), rest;
            switch (verb[0]) {
            case "search":
                rest = verb[1].split("\t", 2);
                search(rest[0], rest[1]);
                break;
            case "save":
                rest = verb[1].split("\t", 2);
                save(rest[0], rest[1]);
                break;
            case "load":
                rest = verb[1].split("\t", 4); // the fourth is empty: no saves meanwhile here
                load(Integer.parseInt(rest[0]), Double.parseDouble(rest[1]), rest[2]);
                break;
            case "memory":
                out.printf("memory\t%d\n", peakKb());
                break;
            case "flush":
                out.flush();
                break;
            default:
                throw new IllegalArgumentException(line);
            }
        }
        if (writer != null)
            writer.close();
    }

    public static void main(String[] args) throws Exception
    {
        BooleanQuery.setMaxClauseCount(4096);
        if (args.length == 3 && args[0].equals("build"))
            build(args[1], args[2]);
        else if (args.length == 3 && args[0].equals("open"))
            open(args[1], args[2]);
        else if (args.length == 3 && args[0].equals("serve"))
            new LuceneDriver(args[1], args[2].equals("write")).serve();
        else
            System.err.println(
                "usage: build DIR CORPUS | open DIR QUESTION | serve DIR read|write");
        out.flush();
    }
}
