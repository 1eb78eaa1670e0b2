using Grokking.Host.Commands;

return await GrokkingCommand.InvokeAsync(args, Terminal.Process);
