# SQLite under a threaded server. Without this, writes at the same time hang for seconds and end as HTTP 500: the waiting is
# done in C with Ruby's lock held, so that the thread that has the database cannot finish.
require 'active_record/connection_adapters/sqlite3_adapter'
ActiveRecord::ConnectionAdapters::SQLite3Adapter.prepend(Module.new do
  def begin_db_transaction
    log('begin immediate transaction', nil) { @connection.transaction(:immediate) }
  end

  def configure_connection
    super
    execute('PRAGMA journal_mode=WAL', 'SCHEMA')
    execute('PRAGMA synchronous=OFF', 'SCHEMA')
    @connection.busy_handler { |tries| tries < 6000 && (sleep(0.005); true) }
  end
end)
