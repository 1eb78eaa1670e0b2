Console.WriteLine("grokking");
