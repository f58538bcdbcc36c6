// Package e2e tests the program from outside, as the people who use it meet it:
// the built binary, its command line, HTTP, and Chromium. It is a module of its
// own so that a browser's driver stays out of the program's dependencies.
package e2e
