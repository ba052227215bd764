// Command types says what Knative's admission webhooks would refuse in manifests that are created.
//
//	types [FILE ...]
//
// It reads YAML documents (standard input, if no file is named), decodes each strictly into Knative's own type,
// sets the defaults and validates. Every finding is one line of JSON: kind, name, file and message. Kinds that are
// not among the two modules' types below (ConfigMap, KafkaSource, KafkaSink, Kustomization, …) are not its business.
// It ends with 0 if all is well, 1 if something was found, 2 if a file cannot be read.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	documents "k8s.io/apimachinery/pkg/util/yaml"
	eventing "knative.dev/eventing/pkg/apis/eventing/v1"
	eventtypes "knative.dev/eventing/pkg/apis/eventing/v1beta3"
	"knative.dev/eventing/pkg/apis/feature"
	"knative.dev/pkg/apis"
	serving "knative.dev/serving/pkg/apis/serving/v1"
	domains "knative.dev/serving/pkg/apis/serving/v1beta1"
	strict "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

type object interface {
	apis.Defaultable
	apis.Validatable
}

var kinds = map[metav1.TypeMeta]func() object{
	{APIVersion: "serving.knative.dev/v1", Kind: "Service"}:            func() object { return &serving.Service{} },
	{APIVersion: "serving.knative.dev/v1beta1", Kind: "DomainMapping"}: func() object { return &domains.DomainMapping{} },
	{APIVersion: "eventing.knative.dev/v1", Kind: "Broker"}:            func() object { return &eventing.Broker{} },
	{APIVersion: "eventing.knative.dev/v1", Kind: "Trigger"}:           func() object { return &eventing.Trigger{} },
	{APIVersion: "eventing.knative.dev/v1beta3", Kind: "EventType"}:    func() object { return &eventtypes.EventType{} },
}

// finding is what is wrong with one document.
type finding struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	File    string `json:"file,omitempty"`
	Message string `json:"message"`
}

// identity is as much of a document as says what it is.
type identity struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        struct {
		Name string `json:"name"`
	} `json:"metadata"`
}

func main() {
	flag.Usage = func() { fmt.Fprintln(flag.CommandLine.Output(), "usage: types [FILE ...]") }
	flag.Parse()
	found, err := checkAll(webhook(), flag.Args())
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, one := range found {
		err = errors.Join(err, out.Encode(one))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "types:", err)
		os.Exit(2)
	}
	if len(found) > 0 {
		os.Exit(1)
	}
}

// webhook returns the context of a create request to webhooks that are configured as they come.
func webhook() context.Context {
	defaults, err := feature.NewFlagsConfigFromMap(nil)
	if err != nil {
		panic(err) // no flags are set, so none can be wrong
	}
	return feature.ToContext(apis.WithinCreate(context.Background()), defaults)
}

func checkAll(ctx context.Context, files []string) ([]finding, error) {
	if len(files) == 0 {
		return checkStream(ctx, os.Stdin, "")
	}
	var found []finding
	for _, file := range files {
		in, err := os.Open(file)
		if err != nil {
			return found, err
		}
		more, err := checkStream(ctx, in, file)
		found = append(found, more...)
		if err = errors.Join(err, in.Close()); err != nil {
			return found, err
		}
	}
	return found, nil
}

func checkStream(ctx context.Context, in io.Reader, file string) ([]finding, error) {
	var found []finding
	reader := documents.NewYAMLReader(bufio.NewReader(in))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return found, fmt.Errorf("%s: %w", file, err)
		}
		what, messages := check(ctx, document)
		for _, message := range messages {
			found = append(found, finding{what.Kind, what.Metadata.Name, file, message})
		}
	}
}

// check returns what a document is and one message for everything that is wrong with it.
func check(ctx context.Context, document []byte) (what identity, messages []string) {
	data, err := yaml.YAMLToJSONStrict(document) // a key that is written twice is an error
	if err != nil {
		return what, []string{err.Error()}
	}
	if err := json.Unmarshal(data, &what); err != nil {
		return what, []string{err.Error()}
	}
	made, known := kinds[what.TypeMeta]
	if !known {
		return what, otherVersion(what.TypeMeta)
	}
	it := made()
	// Unlike encoding/json, this tells upper from lower case, as the CRD's schema does.
	unknown, err := strict.UnmarshalStrict(data, it)
	for _, err := range append(unknown, err) {
		if err != nil {
			messages = append(messages, err.Error())
		}
	}
	if len(messages) > 0 {
		return what, messages
	}
	it.SetDefaults(ctx)
	for _, err := range it.Validate(ctx).Filter(apis.ErrorLevel).WrappedErrors() {
		messages = append(messages, strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return what, messages
}

// otherVersion returns a message if the kind is known by another version of its API.
func otherVersion(what metav1.TypeMeta) []string {
	for known := range kinds {
		if known.Kind == what.Kind && group(known) == group(what) {
			return []string{fmt.Sprintf("apiVersion: %s is not %s", what.APIVersion, known.APIVersion)}
		}
	}
	return nil
}

func group(what metav1.TypeMeta) string {
	group, _, _ := strings.Cut(what.APIVersion, "/")
	return group
}
