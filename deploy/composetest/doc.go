// Package composetest holds the tests of docker-compose.yml, Dockerfile and the
// proxy. It is a module of its own, so that the Compose specification's schema
// and loader stay out of the program's module graph.
package composetest
