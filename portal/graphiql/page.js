"use strict";

// What the visitor types goes to the API beside this page only, and is forgotten with the tab: it may be a household.
const fetcher = async (parameters, options) => {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json, application/json;q=0.9",
      "content-type": "application/json",
      ...(options && options.headers),
    },
    body: JSON.stringify(parameters),
  });
  return response.json();
};

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: "{ __typename }\n",
    storage: window.sessionStorage,
  }),
);
