# Sample projects, people and fields, the same each time. Keys and passwords are for tests on this machine only.
Setting.clear_cache
Redmine::DefaultData::Loader.load('en') if Redmine::DefaultData::Loader.no_data?
Setting.rest_api_enabled = '1'
Setting.default_language = 'en'
Setting.notified_events = []
Setting.text_formatting = ENV['RM_FMT'] || 'textile'

def person!(login, key, admin: false)
  user = User.find_by_login(login) || User.new(firstname: login.capitalize, lastname: 'Test', mail: "#{login}@example.invalid", language: 'en')
  user.login = login
  user.admin = admin
  user.status = User::STATUS_ACTIVE
  user.must_change_passwd = false
  user.password = user.password_confirmation = 'causeway-demo'
  user.mail_notification = 'none'
  user.save!
  Token.where(user_id: user.id, action: 'api').delete_all
  token = Token.new(user: user, action: 'api')
  token.save!
  token.update_column(:value, key)
  user
end

role = Role.givable.index_by(&:name)
person!('admin', 'a' * 40, admin: true)
members = {
  person!('lead', 'b' * 40) => 'Manager',
  person!('agent', 'c' * 40) => 'Developer',
  person!('reporter', 'd' * 40) => 'Reporter',
  person!('causeway', 'e' * 40) => 'Manager'
}
role['Manager'].add_permission!(:view_private_notes, :set_notes_private, :edit_issue_notes, :edit_own_issue_notes, :set_issues_private)
role['Developer'].remove_permission!(:view_private_notes, :set_notes_private)

field = lambda do |name, attributes|
  IssueCustomField.find_by_name(name) ||
    IssueCustomField.create!({ name: name, is_for_all: true, is_filter: true, trackers: Tracker.all }.merge(attributes))
end
field.call('Labels', field_format: 'text')
field.call('Publish to community', field_format: 'bool')
field.call('Community issue', field_format: 'string')
field.call('Customer', field_format: 'string')
field.call('Severity', field_format: 'list', possible_values: %w[S1 S2 S3])
field.call('Secret', field_format: 'string', visible: false, roles: [role['Manager']])

# One path that takes two steps: a Feature goes from New to Resolved only through In Progress.
status = IssueStatus.all.index_by(&:name)
feature = Tracker.find_by_name('Feature')
WorkflowTransition.where(tracker_id: feature.id, role_id: role['Manager'].id, old_status_id: status['New'].id)
                  .where.not(new_status_id: status['In Progress'].id).delete_all

{ 'support' => false, 'alpha' => true, 'beta' => false }.each do |identifier, is_public|
  project = Project.find_by_identifier(identifier) || Project.new(name: identifier.capitalize, identifier: identifier)
  project.is_public = is_public
  project.enabled_module_names = Redmine::AccessControl.available_project_modules.map(&:to_s)
  project.trackers = Tracker.all
  project.save!
  members.each do |user, name|
    next if Member.exists?(user_id: user.id, project_id: project.id)

    Member.create!(principal: user, project: project, roles: [role[name]])
  end
  IssueCategory.find_or_create_by!(project: project, name: 'Backend')
  Version.find_or_create_by!(project: project, name: '1.0')
end
