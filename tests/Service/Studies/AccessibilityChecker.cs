using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Grokking.Service.Studies;

/// <summary>
/// What a report owes readers who cannot see it, or see it badly, or have no network: a part of the Web Content Accessibility Guidelines 2.2 that can be
/// told from the text alone. Reports are well-formed XML, so that nothing is guessed.
/// </summary>
internal static partial class AccessibilityChecker
{
    private const double Contrast = 4.5;

    /// <summary>Everything that is wrong.</summary>
    public static IReadOnlyList<string> Faults(string html)
    {
        XElement root;
        try
        {
            root = XDocument.Parse(html).Root!;
        }
        catch (XmlException fault)
        {
            return [$"it is not well-formed: {fault.Message}"];
        }

        return [.. Page(root), .. Headings(root), .. Pictures(root), .. Tables(root), .. Links(root), .. Inks(root), .. SelfContained(root, html)];
    }

    private static IEnumerable<string> Page(XElement root)
    {
        if (string.IsNullOrEmpty((string?)root.Attribute("lang")))
            yield return "the page has no language";
        if (!All(root, "title").Any(title => title.Parent!.Name.LocalName == "head" && title.Value.Length > 0))
            yield return "the page has no title";
        if (All(root, "main").Count() != 1)
            yield return "the page has no main part";
        foreach (XElement region in All(root, "nav").Concat(root.Descendants().Where(each => (string?)each.Attribute("role") == "region")))
        {
            if (string.IsNullOrEmpty((string?)region.Attribute("aria-label")))
                yield return $"a {region.Name.LocalName} has no label";
        }
    }

    private static IEnumerable<string> Headings(XElement root)
    {
        int[] levels = [.. root.Descendants().Select(each => each.Name.LocalName).Where(name => HeadingName().IsMatch(name)).Select(name => name[1] - '0')];
        if (levels.Count(level => level == 1) != 1)
            yield return "there is not exactly one heading of the first level";
        foreach ((int before, int after) in levels.Zip(levels.Skip(1)))
        {
            if (after > before + 1)
                yield return $"a heading of level {after} follows one of level {before}";
        }
    }

    private static IEnumerable<string> Pictures(XElement root)
    {
        Dictionary<string, XElement[]> ids = root.Descendants().Where(each => each.Attribute("id") is not null).GroupBy(each => (string)each.Attribute("id")!).ToDictionary(group => group.Key, group => group.ToArray());
        foreach ((string id, _) in ids.Where(pair => pair.Value.Length > 1))
            yield return $"the id {id} is given twice";
        foreach (XElement picture in All(root, "svg"))
        {
            string[] names = ((string?)picture.Attribute("aria-labelledby") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if ((string?)picture.Attribute("role") != "img")
                yield return "a picture does not say that it is one";
            if (names.Length < 2 || !names.All(name => ids.TryGetValue(name, out XElement[]? found) && found[0].Value.Length >= 10))
                yield return "a picture has no text that stands for it";
        }
    }

    private static IEnumerable<string> Tables(XElement root)
    {
        foreach (XElement table in All(root, "table"))
        {
            if (!table.Elements().Any(each => each.Name.LocalName == "caption" && each.Value.Length > 0))
                yield return "a table has no caption";
            if (All(table, "th").Any(head => (string?)head.Attribute("scope") is not ("col" or "row")))
                yield return "a heading of a table has no scope";
            if (All(table, "tr").Any(row => row.Elements().First().Name.LocalName != "th"))
                yield return "a row of a table has no heading";
            if (All(table, "tr").Select(row => row.Elements().Count()).Distinct().Count() > 1)
                yield return "the rows of a table differ in length";
        }
    }

    private static IEnumerable<string> Links(XElement root)
    {
        HashSet<string> ids = [.. root.Descendants().Attributes("id").Select(id => id.Value)];
        foreach (XElement link in All(root, "a"))
        {
            string target = (string?)link.Attribute("href") ?? "";
            if (link.Value.Length == 0 || !target.StartsWith('#') || !ids.Contains(target[1..]))
                yield return $"the link '{link.Value}' leads nowhere";
        }
    }

    private static IEnumerable<string> Inks(XElement root)
    {
        IEnumerable<string> words = All(root, "text").Select(text => (string?)text.Attribute("fill") ?? "").Distinct();
        IEnumerable<string> sheet = All(root, "style").SelectMany(style => InkOfSheet().Matches(style.Value)).Select(ink => ink.Groups[1].Value);
        foreach (string ink in words.Concat(sheet).Distinct().Where(ink => ink != "#fff"))
        {
            if (OnWhite(ink) < Contrast)
                yield return $"words in {ink} have too little contrast";
        }
    }

    private static IEnumerable<string> SelfContained(XElement root, string html)
    {
        if (All(root, "script").Any() || root.Descendants().Attributes().Any(attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal)))
            yield return "it runs scripts";
        if (root.Descendants().Attributes("src").Any() || All(root, "link").Any() || Fetched().IsMatch(html))
            yield return "it needs other files";
    }

    private static IEnumerable<XElement> All(XElement root, string name) => root.Descendants().Where(each => each.Name.LocalName == name);

    // Relative luminance and contrast as the guidelines define them.
    private static double OnWhite(string ink)
    {
        string digits = ink.TrimStart('#');
        if (digits.Length == 3)
            digits = string.Concat(digits.Select(digit => $"{digit}{digit}"));
        double Light(int at)
        {
            double share = int.Parse(digits.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        }

        return 1.05 / ((0.2126 * Light(0)) + (0.7152 * Light(2)) + (0.0722 * Light(4)) + 0.05);
    }

    [GeneratedRegex("^h[1-6]$")]
    private static partial Regex HeadingName();

    [GeneratedRegex("[^-]color: (#[0-9a-f]+)")]
    private static partial Regex InkOfSheet();

    [GeneratedRegex("url\\(|@import|<img|<iframe|href=\"http")]
    private static partial Regex Fetched();
}
