"""
The service: everything the ledger does over HTTP, and nothing that it does not.

`app.create_app` puts it together; `doors` says who may call which route; a route that names nobody cannot be made.
"""
