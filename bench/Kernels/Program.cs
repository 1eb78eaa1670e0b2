using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Grokking.Kernels;

// In this process: the settings of the build (no tiers, one collector) are those of the program, and nothing is built anew.
BenchmarkSwitcher.FromAssembly(typeof(Products).Assembly).Run(args, DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddColumn(new SpeedColumn())
    .HideColumns(Column.Error, Column.RatioSD));
