// LucenePeer.java: Lucene 4.10.4 (what Debian 12 has) as a careful user would set it up for each
// language; an index in memory, BM25 (k1 1.2, b 0.75), the whole question analysed and ORed.
//
//   java -cp JARS LucenePeer.java CONFIG CORPUS QUESTIONS    run in TREC's form on standard output
//
// CORPUS has a case a line: id, title, text, parted by tabs. QUESTIONS has a question a line, and
// its number is its id. CONFIG, the best of forty that were tried on the open sets:
//   ja     JapaneseAnalyzer (Kuromoji), and beside it CJK bigrams   unknown words: FuzzyQuery
//   zh     SmartChineseAnalyzer, and CJK bigrams of Simplified      DirectSpellChecker
//   ko     CJK bigrams                                              FuzzyQuery
//   mixed  as ko
//   en     words, split where letters meet digits                   DirectSpellChecker
// Bigrams and words: StandardTokenizer, CJKWidth, possessives, WordDelimiterFilter, lower case,
// English stop words, Porter stems. Each case has a field of its text with the title twice, and one
// of the title at half weight. A question's word that no case has is taken for its neighbours in
// the index (one edit from 3 letters, two from 6, first letter kept), or for the best suggestion.

import com.ibm.icu.text.Transliterator;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.apache.lucene.analysis.*;
import org.apache.lucene.analysis.cjk.*;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.analysis.core.*;
import org.apache.lucene.analysis.en.*;
import org.apache.lucene.analysis.icu.ICUTransformFilter;
import org.apache.lucene.analysis.ja.JapaneseAnalyzer;
import org.apache.lucene.analysis.miscellaneous.*;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.spell.*;
import org.apache.lucene.store.*;
import org.apache.lucene.util.Version;

public class LucenePeer
{
    static final Version VERSION = Version.LUCENE_4_10_4;
    static final int HITS = 11, EXPANSIONS = 50, CLAUSES_MAX = 100_000;
    static final int LETTERS_MIN = 3, LETTERS_MAX = 30, TWO_EDITS_MIN = 6;
    static final float TITLE_BOOST = .5f, SAME_SCORE = .01f;

    // --- analysis --------------------------------------------------------------------------------

    static final int PARTS = WordDelimiterFilter.GENERATE_WORD_PARTS
        | WordDelimiterFilter.GENERATE_NUMBER_PARTS | WordDelimiterFilter.SPLIT_ON_NUMERICS;

    // With bigrams, their single characters too in the index (not in questions) when `single`.
    static class Words extends Analyzer
    {
        final boolean bigrams, single, simplified;

        Words(boolean bigrams, boolean single, boolean simplified)
        {
            this.bigrams = bigrams;
            this.single = single;
            this.simplified = simplified;
        }

        @Override protected TokenStreamComponents createComponents(String field, Reader reader)
        {
            StandardTokenizer tokens = new StandardTokenizer(reader);
            TokenStream s = new EnglishPossessiveFilter(VERSION, new CJKWidthFilter(tokens));

            s = new LowerCaseFilter(new WordDelimiterFilter(s, PARTS, null));
            s = new StopFilter(s, EnglishAnalyzer.getDefaultStopSet());
            if (simplified)
                s = new ICUTransformFilter(s, Transliterator.getInstance("Traditional-Simplified"));
            if (bigrams)
                s = new CJKBigramFilter(s, CJKBigramFilter.HAN | CJKBigramFilter.HIRAGANA
                    | CJKBigramFilter.KATAKANA | CJKBigramFilter.HANGUL, single);
            return new TokenStreamComponents(tokens, new PorterStemFilter(s));
        }
    }

    // A family is a pair of fields, NAME.title and NAME.all, cut up the same way.
    static Analyzer analyzer(String family, boolean forIndex)
    {
        switch (family) {
        case "kuromoji": return new JapaneseAnalyzer();
        case "smart": return new SmartChineseAnalyzer();
        case "simplified": return new Words(true, forIndex, true);
        case "pairs": return new Words(true, forIndex, false);
        case "bigrams": return new Words(true, false, false);
        default: return new Words(false, false, false);
        }
    }

    static String[] families(String config)
    {
        switch (config) {
        case "ja": return new String[] {"kuromoji", "pairs"};
        case "zh": return new String[] {"smart", "simplified"};
        case "en": return new String[] {"words"};
        default: return new String[] {"bigrams"};
        }
    }

    static List<String> tokens(Analyzer analyzer, String text) throws IOException
    {
        List<String> found = new ArrayList<>();

        try (TokenStream s = analyzer.tokenStream("", text)) {
            CharTermAttribute term = s.addAttribute(CharTermAttribute.class);

            s.reset();
            while (s.incrementToken())
                found.add(term.toString());
            s.end();
        }
        return found;
    }

    // --- the index -------------------------------------------------------------------------------

    static DirectoryReader index(BufferedReader rows, String[] families) throws IOException
    {
        Map<String, Analyzer> of = new HashMap<>();
        Directory memory = new RAMDirectory();
        IndexWriterConfig config;
        String row;

        for (String family : families) {
            of.put(family + ".title", analyzer(family, true));
            of.put(family + ".all", analyzer(family, true));
        }
        config = new IndexWriterConfig(VERSION,
                                       new PerFieldAnalyzerWrapper(new KeywordAnalyzer(), of));
        config.setSimilarity(new BM25Similarity()).setRAMBufferSizeMB(256);
        try (IndexWriter writer = new IndexWriter(memory, config)) {
            while ((row = rows.readLine()) != null) {
                String[] parts = row.split("\t", 3);
                Document d = new Document();

                d.add(new StringField("id", parts[0], Field.Store.YES));
                for (String family : families) {
                    String all = parts[1] + "\n" + parts[1] + "\n" + parts[2];

                    d.add(new TextField(family + ".title", parts[1], Field.Store.NO));
                    d.add(new TextField(family + ".all", all, Field.Store.NO));
                }
                writer.addDocument(d);
            }
            writer.forceMerge(1);
        }
        return DirectoryReader.open(memory);
    }

    // --- questions -------------------------------------------------------------------------------

    final DirectoryReader reader;
    final String[] families;
    final boolean spells;       // else fuzzy
    final DirectSpellChecker speller = new DirectSpellChecker();
    final Map<String, Analyzer> analyzers = new HashMap<>();

    LucenePeer(DirectoryReader reader, String config)
    {
        this.reader = reader;
        families = families(config);
        spells = config.equals("zh") || config.equals("en");
        for (String family : families)
            analyzers.put(family, analyzer(family, false));
        speller.setMinQueryLength(LETTERS_MIN);
        speller.setMinPrefix(1);
        speller.setMaxEdits(2);
        speller.setAccuracy(.5f);
    }

    boolean isUnknown(String[] fields, String word) throws IOException
    {
        int letters = word.codePointCount(0, word.length());

        if (letters < LETTERS_MIN || letters > LETTERS_MAX)
            return false;
        for (String field : fields)
            if (reader.docFreq(new Term(field, word)) > 0)
                return false;
        return true;
    }

    // The best suggestion of all fields; of equally good ones the commonest. Else the word itself.
    String suggestion(String[] fields, String word) throws IOException
    {
        SuggestWord best = null;

        for (String field : fields)
            for (SuggestWord s : speller.suggestSimilar(new Term(field, word), 3, reader,
                                                        SuggestMode.SUGGEST_WHEN_NOT_IN_INDEX))
                if (best == null || s.score > best.score + SAME_SCORE
                    || Math.abs(s.score - best.score) <= SAME_SCORE && s.freq > best.freq)
                    best = s;
        return best == null ? word : best.string;
    }

    Query wordQuery(String family, String word) throws IOException
    {
        String[] fields = {family + ".title", family + ".all"};
        boolean unknown = isUnknown(fields, word);
        String asked = unknown && spells ? suggestion(fields, word) : word;
        int edits = word.codePointCount(0, word.length()) < TWO_EDITS_MIN ? 1 : 2;
        BooleanQuery both = new BooleanQuery(true);

        for (String field : fields) {
            Term term = new Term(field, asked);
            Query q = unknown && !spells ? new FuzzyQuery(term, edits, 1, EXPANSIONS, true)
                                         : new TermQuery(term);

            q.setBoost(field.endsWith(".title") ? TITLE_BOOST : 1);
            both.add(q, BooleanClause.Occur.SHOULD);
        }
        return both;
    }

    TopDocs ask(IndexSearcher searcher, String question) throws IOException
    {
        BooleanQuery any = new BooleanQuery(true);

        for (String family : families)
            for (String word : tokens(analyzers.get(family), question))
                any.add(wordQuery(family, word), BooleanClause.Occur.SHOULD);
        return searcher.search(any, HITS);
    }

    static BufferedReader open(String path) throws IOException
    {
        return new BufferedReader(
            new InputStreamReader(new FileInputStream(path), StandardCharsets.UTF_8));
    }

    public static void main(String[] args) throws IOException
    {
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out), false, "UTF-8");

        BooleanQuery.setMaxClauseCount(CLAUSES_MAX);
        try (BufferedReader corpus = open(args[1]); BufferedReader questions = open(args[2]);
             DirectoryReader reader = index(corpus, families(args[0]))) {
            LucenePeer peer = new LucenePeer(reader, args[0]);
            IndexSearcher searcher = new IndexSearcher(reader);
            String question;

            searcher.setSimilarity(new BM25Similarity());
            for (int number = 0; (question = questions.readLine()) != null; number++) {
                int place = 0;

                for (ScoreDoc hit : peer.ask(searcher, question).scoreDocs)
                    out.printf(Locale.ROOT, "%d Q0 %s %d %.6f lucene\n", number,
                               reader.document(hit.doc).get("id"), ++place, hit.score);
            }
        }
        out.flush();
    }
}
