//go:build soak

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// TestSoak kills the program SANAD_SOAK_KILLS times, half of them on each
// engine (make soak).
func TestSoak(t *testing.T) {
	kills, err := strconv.Atoi(os.Getenv("SANAD_SOAK_KILLS"))
	if err != nil || kills <= 0 {
		t.Fatal("SANAD_SOAK_KILLS says how often; make soak sets it")
	}
	program := filepath.Join(t.TempDir(), "sanad")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			soak(t, engine, program, (kills+1)/2, 3, []string{"LY010202.xlsx", "LY010304.csv", "LY021105.csv", "LY021301.xlsx", "LY031901.csv"})
		})
	}
}
