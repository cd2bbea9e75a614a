using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ImageBackup.Core.Tests.Layering;

/// <summary>Which namespaces of an assembly use which others, with an example for each pair. Compiled code shows every use except constants.</summary>
internal sealed class NamespaceGraph
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> uses = new(StringComparer.Ordinal);

    private NamespaceGraph(ModuleDefinition module)
    {
        foreach (var type in module.GetTypes().Where(IsOurs))
        {
            uses.TryAdd(NamespaceOf(type), new(StringComparer.Ordinal));
            foreach (var used in UsedBy(type).SelectMany(Parts).Where(used => used.Scope == module && IsOurs(used) && NamespaceOf(used) != NamespaceOf(type)))
            {
                uses[NamespaceOf(type)].TryAdd(NamespaceOf(used), $"{type.FullName} uses {used.FullName}");
            }
        }
    }

    public static NamespaceGraph Of(string assemblyPath)
    {
        using var module = ModuleDefinition.ReadModule(assemblyPath);
        return new NamespaceGraph(module);
    }

    public IEnumerable<string> Namespaces => uses.Keys;

    /// <summary>Returns the namespaces that a namespace uses, each with an example.</summary>
    public IReadOnlyDictionary<string, string> UsesOf(string name) => uses[name];

    /// <summary>Returns the groups of namespaces that use each other, directly or through others.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cycles()
    {
        var reached = uses.Keys.ToDictionary(name => name, ReachableFrom);
        return [.. uses.Keys
            .GroupBy(name => string.Join(' ', reached[name].Where(other => reached[other].Contains(name)).Order(StringComparer.Ordinal)))
            .Where(group => group.Key.Length > 0)
            .Select(group => group.ToList())];
    }

    private HashSet<string> ReachableFrom(string start)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>(uses[start].Keys);
        while (open.TryPop(out var next))
        {
            if (reached.Add(next))
            {
                foreach (var used in uses[next].Keys)
                {
                    open.Push(used);
                }
            }
        }

        return reached;
    }

    /// <summary>Returns false for types that source generators add to other namespaces, and for the class of top-level statements.</summary>
    private static bool IsOurs(TypeReference type) => NamespaceOf(type).StartsWith("ImageBackup", StringComparison.Ordinal);

    private static string NamespaceOf(TypeReference type) => type.DeclaringType is { } outer ? NamespaceOf(outer) : type.Namespace;

    private static IEnumerable<TypeReference?> UsedBy(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. Constraints(type),
        .. Attributes(type),
        .. type.Fields.SelectMany(field => Attributes(field).Append(field.FieldType)),
        .. type.Properties.SelectMany(Attributes),
        .. type.Methods.SelectMany(UsedBy),
    ];

    private static IEnumerable<TypeReference?> UsedBy(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.SelectMany(parameter => Attributes(parameter).Append(parameter.ParameterType)),
        .. Constraints(method),
        .. Attributes(method),
        .. method.HasBody ? UsedBy(method.Body) : [],
    ];

    private static IEnumerable<TypeReference?> UsedBy(MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. body.Instructions.SelectMany(instruction => instruction.Operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            MethodReference method => UsedBy(method),
            _ => Enumerable.Empty<TypeReference>(),
        }),
    ];

    private static IEnumerable<TypeReference> UsedBy(MethodReference method) =>
    [
        method.DeclaringType,
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method is GenericInstanceMethod instance ? instance.GenericArguments : [],
    ];

    private static IEnumerable<TypeReference?> Constraints(IGenericParameterProvider provider)
        => provider.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType);

    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider provider)
        => provider.CustomAttributes.SelectMany(attribute => attribute.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>().Append(attribute.AttributeType));

    /// <summary>Returns the type itself, or the element type and arguments of an array, a reference or a generic type.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType instance => instance.GenericArguments.SelectMany(Parts).Append(instance.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };
}
