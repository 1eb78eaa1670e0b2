namespace Grokking.Host.Studies.Reports;

/// <summary>The looks of a report. Every ink has a contrast of at least 7:1 with its ground; colour is never the only sign.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet.</summary>
    public const string Sheet = """
        :root { color-scheme: light; }
        body { margin: 0; background: #fff; color: #1a1a1a; font: 16px/1.5 Helvetica, Arial, "Liberation Sans", sans-serif; }
        main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
        h1 { font-size: 1.7rem; line-height: 1.2; }
        h2 { font-size: 1.3rem; line-height: 1.25; margin: 0 0 .5rem; }
        h3 { font-size: 1rem; margin: 1.5rem 0 .3rem; }
        p { margin: .3rem 0 .8rem; max-width: 46rem; }
        section { border-top: 2px solid #1a1a1a; margin-top: 2.5rem; padding-top: 1rem; }
        a { color: #00447c; }
        a:focus-visible, .wide:focus-visible { outline: 3px solid #00447c; outline-offset: 2px; }
        nav ul { padding-left: 1.2rem; }
        nav span { color: #595959; }
        figure { margin: 1rem 0; }
        figure svg { display: block; max-width: 100%; height: auto; }
        figcaption { color: #404040; font-size: .92rem; max-width: 46rem; margin-top: .4rem; }
        .note { border-left: 4px solid #8c1d40; padding-left: .7rem; }
        .wide { overflow-x: auto; margin: .5rem 0 1rem; }
        table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: bold; padding-bottom: .3rem; }
        th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #c4c4c4; }
        thead th { border-bottom: 1.5px solid #1a1a1a; }
        tbody th { font-weight: normal; }
        .holds td:last-child { color: #00543d; }
        .fails td:last-child { color: #8c1d40; font-weight: bold; }
        .undecided td:last-child { color: #404040; font-style: italic; }
        .holds td:last-child::before { content: "✓ "; }
        .fails td:last-child::before { content: "✗ "; }
        .undecided td:last-child::before { content: "? "; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; font-size: .88rem; margin: .3rem 0; }
        dt { color: #404040; }
        dd { margin: 0; overflow-wrap: anywhere; }
        code { font: .95em ui-monospace, "Liberation Mono", monospace; }
        @media print {
          body { font-size: 10pt; }
          main { max-width: none; padding: 0; }
          nav { display: none; }
          section { break-before: page; border-top: 0; margin-top: 0; }
          figure, tr { break-inside: avoid; }
          h2, h3 { break-after: avoid; }
          .wide { overflow: visible; }
          table { font-size: 7.5pt; }
          th, td { padding-right: .5em; }
          a { color: inherit; text-decoration: none; }
        }

        """;
}
