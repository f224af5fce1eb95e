package main

import "math"

// application is what an applicant fills in, in the units of the$
// data that train.py reads.
type application struct {
	Seniority, Time, Age, Expenses, Income float64
	Assets, Debt, Amount, Price            float64
	Home, Marital, Job                     string
	Records                                bool
}

// sample is nobody's.
var sample = application{
	Seniority: 12, Time: 48, Age: 41, Expenses: 60, Income: 190,
	Assets: 6000, Debt: 500, Amount: 900, Price: 1600,
	Home: "owner", Marital: "married", Job: "fixed",
}

// features are the 16 numbers in [0, 1] that both networks take, as train.py
// makes them.
func (a application) features() []float64 {
	var out []float64
	for _, n := range []struct{ value, most float64 }{
		{a.Seniority, 40}, {a.Time, 72}, {a.Age, 80}, {a.Expenses, 200}, {a.Income, 600},
		{a.Assets, 40000}, {a.Debt, 10000}, {a.Amount, 4000}, {a.Price, 6000},
	} {
		out = append(out, math.Min(n.value/n.most, 1))
	}
	for _, yes := range []bool{
		a.Home == "owner", a.Home == "rent", a.Marital == "married", a.Records,
		a.Job == "fixed", a.Job == "freelance", a.Job == "partime",
	} {
		word := 0.
		if yes {
			word = 1
		}
		out = append(out, word)
	}
	return out
}
