"""What tests share: databases on both engines, the running dashboard, a browser, a websocket reader, real material."""
