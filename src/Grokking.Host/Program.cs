using Grokking.Host.Commands;
using Grokking.Host.Output;

return await GrokkingCommand.InvokeAsync(args, Terminal.Process);
