package problem

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// Guard runs work and makes an error of its panic. A panic in a goroutine ends the
// process, whatever the caller would recover: what a goroutine does with things from
// outside runs under Guard. The error names the place in the source and says nothing
// of the values that were at hand, which may be private.
func Guard(work func() error) (err error) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if e, ok := r.(*Error); ok && e.Code == Fault {
			err = e // of another goroutine, raised again by Must
			return
		}
		err = &Error{
			Code: Fault, Place: panicked(), Got: fmt.Sprintf("this is a fault of zkml (%T)", r),
			Remedy: "report it with the command and, if it may be shown, the file",
		}
	}()
	return work()
}

// Must raises again what Guard caught in goroutines whose work gives no errors, so that
// it arrives where their caller can recover it.
func Must(err error) {
	if err != nil {
		panic(err)
	}
}

// panicked is where the panic that is being recovered from began.
func panicked() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	inside := false
	for {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			inside = true
		case inside && !strings.HasPrefix(f.Function, "runtime."):
			return fmt.Sprintf("%s (%s:%d)", f.Function, filepath.Base(f.File), f.Line)
		}
		if !more {
			return "somewhere"
		}
	}
}
