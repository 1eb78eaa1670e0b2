using System.Collections.Immutable;
using System.Reflection;
using Grokking.Networks;

namespace Grokking.Properties.Arbitraries;

/// <summary>
/// Networks and optimisers as their classes declare them: whatever says its <see cref="KindAttribute"/>, with settings drawn from what
/// <see cref="SettingAttribute"/> says of them. Nothing is listed: a new one is a subject of every law at once.
/// </summary>
internal static class Declared
{
    /// <summary>Draws of settings that do not fit together, in a row, before a class is taken to refuse everything.</summary>
    private const int Attempts = 100;

    /// <summary>The classes of a type, by the alphabet of their names in files.</summary>
    public static ImmutableArray<Type> Kinds<T>() =>
    [
        .. typeof(T).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(T)) && type.GetCustomAttribute<KindAttribute>() is not null)
            .OrderBy(NameOf, StringComparer.Ordinal),
    ];

    /// <summary>The name of a class in files.</summary>
    public static string NameOf(Type kind) => kind.GetCustomAttribute<KindAttribute>()!.Name;

    /// <summary>An object of any class.</summary>
    public static T Draw<T>(Random random, params (string Name, object Value)[] given)
    {
        var kinds = Kinds<T>();
        return Draw<T>(kinds[random.Next(kinds.Length)], random, given);
    }

    /// <summary>A network for K operands, or for as many as it takes.</summary>
    /// <param name="seed">Where its class and settings come from.</param>
    /// <param name="modulus">p.</param>
    /// <param name="operands">K, for networks that take any number.</param>
    public static (INetwork Network, int Operands) Network(int seed, int modulus, int operands)
    {
        INetwork Of(int k) => Draw<INetwork>(new Random(seed), ("Modulus", modulus), ("Operands", k));
        var k = Of(operands).RequiredOperands ?? operands;
        return (Of(k), k);
    }

    /// <summary>An object of a class, of moderate size and rate.</summary>
    /// <param name="kind">The class.</param>
    /// <param name="random">Where its settings come from.</param>
    /// <param name="given">What its constructor wants that is no setting, by name.</param>
    public static T Draw<T>(Type kind, Random random, params (string Name, object Value)[] given)
    {
        var constructor = kind.GetConstructors().MaxBy(each => each.GetParameters().Length)!;
        var settings = kind.GetProperties().Where(property => property.GetCustomAttribute<SettingAttribute>() is not null).ToList();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var values = settings.ToDictionary(property => property.Name, property => Value(property, random));
                foreach (var (name, value) in given)
                {
                    values[name] = value;
                }

                var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => values[parameter.Name!])]);
                settings.Where(property => property.CanWrite).ToList().ForEach(property => property.SetValue(made, values[property.Name]));
                _ = (made as INetwork)?.Parameters;
                return (T)made;
            }
            catch (Exception refused) when ((refused is TargetInvocationException ? refused.InnerException : refused) is ArgumentException && attempt < Attempts)
            {
            }
        }
    }

    /// <summary>The default, or something else within the bounds, as often.</summary>
    private static object Value(PropertyInfo property, Random random)
    {
        var setting = property.GetCustomAttribute<SettingAttribute>()!;
        var type = property.PropertyType;
        if (!double.IsNaN(setting.Default) && random.Next(2) == 0)
        {
            return type.IsEnum ? Enum.ToObject(type, (int)setting.Default) : Convert.ChangeType(setting.Default, type, null);
        }

        return type == typeof(bool) ? random.Next(2) == 0
            : type.IsDefined(typeof(FlagsAttribute)) ? Enum.ToObject(type, random.Next((int)setting.Default + 1))
            : type.IsEnum ? Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length))!
            : type == typeof(double) ? Number(setting, random)
            : Convert.ChangeType(Whole(setting, random), type, null);
    }

    /// <summary>From the lower bound on no more than sixteen, or the default, one less and one more.</summary>
    private static long Whole(SettingAttribute setting, Random random)
    {
        var least = double.IsNaN(setting.From) ? setting.Above + 1 : setting.From;
        var (low, high) = double.IsNaN(setting.Default) ? (least, 16) : (Math.Max(least, setting.Default - 1), setting.Default + 1);
        return random.NextInt64((long)low, (long)Math.Min(high, double.IsNaN(setting.To) ? high : setting.To) + 1);
    }

    /// <summary>Between two bounds, away from both; above one bound by some order of magnitude, a smaller one where the bound is allowed itself.</summary>
    private static double Number(SettingAttribute setting, Random random)
    {
        var low = double.IsNaN(setting.From) ? setting.Above : setting.From;
        var high = double.IsNaN(setting.To) ? setting.Below : setting.To;
        var least = double.IsNaN(setting.From) ? -3 : -6;
        return double.IsNaN(high)
            ? low + Math.Pow(10, least - (random.NextDouble() * (least + 0.5)))
            : low + ((high - low) * (0.1 + (0.8 * random.NextDouble())));
    }
}
