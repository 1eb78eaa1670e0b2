using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Grokking.Service.Schedulers;

/// <summary>
/// A cluster of one node: munge, Slurm's controller and its node daemon on this machine's loopback, with configuration, state and logs in a folder that goes away. The daemons are this
/// object's own processes; each can be killed and started again. A task that is queued again waits five seconds, Slurm's least, and not two minutes.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class LoopbackSlurm : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Soon = TimeSpan.FromSeconds(4);

    private readonly string root;
    private Process? munge;
    private Process? controller;
    private Process? node;

    public LoopbackSlurm(Folder folder)
    {
        root = folder.File("slurm");
        foreach (string name in new[] { "", "munge", "state", "spool" })
            Directory.CreateDirectory(At(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllBytes(At("munge/key"), RandomNumberGenerator.GetBytes(128));
        File.SetUnixFileMode(At("munge/key"), UnixFileMode.UserRead);
        // Slurm hands out device files, whatever they are.
        File.WriteAllText(At("gres.conf"), "Name=gpu File=/dev/null\nName=gpu File=/dev/zero\n");
        File.WriteAllText(Configuration, Text());
        try
        {
            Begin();
        }
        catch
        {
            // Daemons that nobody ends live on.
            Dispose();
            throw;
        }
    }

    private void Begin()
    {
        munge = Start("munged", "--foreground", "--force", $"--key-file={At("munge/key")}", $"--socket={Socket}", $"--pid-file={At("munge/pid")}", $"--log-file={At("munge/log")}", $"--seed-file={At("munge/seed")}");
        WaitFor(() => File.Exists(Socket), "munge");
        controller = StartController();
        node = StartNode();
        WaitFor(() => Says("sinfo", "--noheader", "--format=%t").Contains("idle", StringComparison.Ordinal), "an idle node");
    }

    /// <summary>Where Slurm's commands find this cluster.</summary>
    public (string Name, string Value) Variable => ("SLURM_CONF", Configuration);

    /// <summary>The array tasks that are waiting, running or ending, as <c>12_3</c>.</summary>
    public string[] Tasks(string states) =>
        Says("squeue", "--noheader", "--array", $"--states={states}", "--format=%F_%K").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>
    /// What one of Slurm's commands says; the empty string where the controller does not answer, or not soon: a signal to a task that is between two states is sent again and again,
    /// for longer than everything else here takes.
    /// </summary>
    public string Says(string command, params string[] words)
    {
        var start = new ProcessStartInfo(command, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Variable.Name] = Variable.Value;
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Soon))
            process.Kill();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.GetAwaiter().GetResult() : "";
    }

    /// <summary>Kills the controller where it stands and starts another one on what it left.</summary>
    public void KillController()
    {
        Kill(controller);
        controller = StartController();
    }

    /// <summary>Kills the node's daemon and starts another one; its tasks go on without it.</summary>
    public void KillNode()
    {
        Kill(node);
        node = StartNode();
    }

    /// <summary>
    /// Has the node take tasks again, as whoever runs a cluster does after a crash: a controller that began a task in its last instant begins it anew after its restart, sees that the node knows the
    /// task already, and gives that node nothing more.
    /// </summary>
    public void TakeNodeBack()
    {
        if (Says("sinfo", "--noheader", "--format=%T").Contains("drain", StringComparison.Ordinal))
            Says("scontrol", "update", $"NodeName={Host}", "State=RESUME");
    }

    /// <summary>What the daemons noted, for whoever must find out why something failed.</summary>
    public string Logs => string.Join('\n', new[] { "slurmctld.log", "slurmd.log" }.Where(name => File.Exists(At(name))).Select(name => $"{name}:\n{string.Join('\n', File.ReadLines(At(name)).TakeLast(30))}"));

    public void Dispose()
    {
        // Tasks first: whoever runs them outlives the daemons.
        if (node is not null)
            Says("scancel", $"--user={Environment.UserName}");
        var watch = Stopwatch.StartNew();
        while (node is not null && watch.Elapsed < TimeSpan.FromSeconds(15) && Says("squeue", "--noheader", "--states=running,completing").Length > 0)
            Thread.Sleep(200);
        foreach (Process? process in new[] { node, controller, munge })
            Kill(process);
    }

    private string Configuration => At("slurm.conf");

    private string Socket => At("munge/socket");

    private static string Host => Environment.MachineName.Split('.')[0];

    private string At(string name) => Path.Combine(root, name);

    private Process StartController() => Start("slurmctld", "-D", "-f", Configuration);

    private Process StartNode() => Start("slurmd", "-D", "-f", Configuration, "-N", Host);

    private Process Start(string program, params string[] words)
    {
        // Daemons lie where only an administrator's shell looks.
        string path = new[] { "/usr/sbin", "/usr/local/sbin", "/sbin" }.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? program;
        var start = new ProcessStartInfo(path, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Variable.Name] = Variable.Value;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Kill(Process? process)
    {
        if (process is null)
            return;
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private void WaitFor(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience, $"Slurm has no {what}. {Logs}");
            Thread.Sleep(100);
        }
    }

    private string Text() => string.Create(CultureInfo.InvariantCulture, $"""
        ClusterName=grokking
        SlurmctldHost={Host}(127.0.0.1)
        SlurmUser={Environment.UserName}
        SlurmdUser={Environment.UserName}
        AuthType=auth/munge
        AuthInfo=socket={Socket},cred_expire=5
        CredType=cred/munge
        SlurmctldPort={FreePort()}
        SlurmdPort={FreePort()}
        StateSaveLocation={At("state")}
        SlurmdSpoolDir={At("spool")}
        SlurmctldPidFile={At("slurmctld.pid")}
        SlurmdPidFile={At("slurmd.pid")}
        SlurmctldLogFile={At("slurmctld.log")}
        SlurmdLogFile={At("slurmd.log")}
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        SelectType=select/cons_tres
        SelectTypeParameters=CR_Core
        MpiDefault=none
        SwitchType=switch/none
        JobAcctGatherType=jobacct_gather/none
        AccountingStorageType=accounting_storage/none
        JobCompType=jobcomp/none
        GresTypes=gpu
        ReturnToService=2
        JobRequeue=1
        SchedulerParameters=batch_sched_delay=0,bf_interval=1,sched_interval=1
        KillWait=5
        MinJobAge=300
        SlurmdParameters=config_overrides
        NodeName={Host} NodeAddr=127.0.0.1 CPUs=2 Gres=gpu:2 State=UNKNOWN
        PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP

        """);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
